using System.Net;
using System.Net.Sockets;

namespace OffGridFlow.Web.Features.Identity;

/// <summary>
/// The network address that a request came from: of the connection, or, behind a trusted proxy, what the proxy says. One machine has
/// one spelling: an IPv4 address that a socket for both families reports as <c>::ffff:192.0.2.1</c> is <c>192.0.2.1</c>.
/// </summary>
internal static class ClientAddress
{
    /// <summary>Bytes of an IPv6 address that name its network; whoever has a network has 2⁶⁴ addresses in it.</summary>
    private const int NetworkBytes = 8;

    public static string? Of(HttpContext context) => Normal(context)?.ToString();

    /// <summary>What counts as one caller when addresses are counted: an IPv4 address, or an IPv6 network of 64 bits.</summary>
    public static string NetworkOf(HttpContext context)
    {
        var address = Normal(context);
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6 })
        {
            return address?.ToString() ?? "";
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new IPAddress(bytes) + "/64";
    }

    private static IPAddress? Normal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : context.Connection.RemoteIpAddress;
}
