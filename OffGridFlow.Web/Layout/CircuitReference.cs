using Microsoft.AspNetCore.Components.Server.Circuits;

namespace OffGridFlow.Web.Layout;

/// <summary>
/// The id under which the framework logs a circuit, for the two messages that the browser shows without the server: a failed circuit and
/// a lost connection.
/// </summary>
internal sealed class CircuitReference : CircuitHandler
{
    /// <summary>Null before there is a circuit.</summary>
    public string? Id { get; private set; }

    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Id = circuit.Id;
        return Task.CompletedTask;
    }
}
