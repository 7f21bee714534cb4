using OffGridFlow.Infrastructure.Identity;

namespace OffGridFlow.Tests.Web;

internal sealed class FakeApiKeys(params ApiKeyRow[] rows) : IApiKeys
{
    public const string Secret = "ogf_k3f9a2bc_00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    public List<ApiKeyRow> Rows { get; } = [.. rows];
    public Exception? Failure { get; set; }
    public IReadOnlyList<ApiKeyFault>? Faults { get; set; }
    public NewApiKey? Asked { get; private set; }
    public List<Guid> Revoked { get; } = [];

    public Task<IReadOnlyList<ApiKeyRow>> ListAsync(CancellationToken cancellationToken) =>
        Failure is null ? Task.FromResult<IReadOnlyList<ApiKeyRow>>([.. Rows]) : Task.FromException<IReadOnlyList<ApiKeyRow>>(Failure);

    public Task<ApiKeyOutcome> CreateAsync(NewApiKey key, CancellationToken cancellationToken)
    {
        Asked = key;
        if (Faults is not null) return Task.FromResult<ApiKeyOutcome>(new ApiKeyOutcome.Refused(Faults));
        var row = ApiKeysPageTests.Key(key.Name, "k3f9a2bc", 90) with { Scopes = key.Scopes };
        Rows.Insert(0, row);
        return Task.FromResult<ApiKeyOutcome>(new ApiKeyOutcome.Created(row, Secret));
    }

    public Task<bool> RevokeAsync(Guid id, CancellationToken cancellationToken)
    {
        Revoked.Add(id);
        return Task.FromResult(true);
    }
}
