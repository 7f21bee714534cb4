using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace OffGridFlow.Web.Features.Operations;

internal static class TrustedProxies
{
    /// <summary>
    /// Takes a client's address and scheme from <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c>, as far back as each hop is one of the
    /// proxies. Without any, nothing that a caller writes about its address is believed. Comes first: all that follows asks for the address.
    /// </summary>
    public static void UseTrustedProxies(this WebApplication app, IReadOnlyList<IPNetwork> proxies)
    {
        if (proxies.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        // The framework trusts the own machine unless told otherwise.
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            options.KnownIPNetworks.Add(proxy);
        }

        app.UseForwardedHeaders(options);
    }
}
