namespace OffGridFlow.Infrastructure.Imports.AwsCur;

/// <summary>The legacy AWS report among the formats that can be imported.</summary>
internal sealed class AwsCurBillFormat(TimeProvider time) : IBillFormat
{
    private readonly AwsCurOptions _options = new() { Clock = time };

    public string Kind => AwsCurFormat.Kind;

    public string Provider => "aws";

    public BillInspection Inspect(Stream content, CancellationToken cancellationToken) => AwsCurFormat.Inspect(content, _options, cancellationToken);

    public IBillReader Open(Stream content) => AwsCurFormat.Open(content, _options);
}
