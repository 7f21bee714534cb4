using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OffGridFlow.Infrastructure.Identity;

/// <summary>What a cookie, a token or a link proves itself by: 256 random bits, of which only the SHA-256 is kept.</summary>
internal static class LinkSecret
{
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
