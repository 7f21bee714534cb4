using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace OffGridFlow.Tests.Rules;

/// <summary>What can be read from a compiled assembly. Each rule gives its violations; none is good.</summary>
internal static class AssemblyRules
{
    private static readonly string[] Clocks =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow",
    ];

    private static readonly string[] WorldOutside =
    [
        "System.IO.File", "System.IO.FileInfo", "System.IO.FileStream", "System.IO.Directory", "System.IO.DirectoryInfo", "System.IO.DriveInfo",
        "System.IO.FileSystemWatcher", "System.IO.RandomAccess", "System.Diagnostics.Process", "System.Environment",
    ];

    /// <summary>Assemblies it refers to that are not part of .NET itself.</summary>
    public static List<string> ReferencesOutsideTheFramework(Assembly assembly)
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return assembly.GetReferencedAssemblies().Select(name => name.Name!).Where(name => !File.Exists(Path.Combine(framework, name + ".dll"))).ToList();
    }

    /// <summary>What the compiler writes into every method that yields.</summary>
    private const string IteratorsType = "System.Environment";
    private const string IteratorsMember = "System.Environment.get_CurrentManagedThreadId";

    /// <summary>Types it uses to reach files, processes, the environment or the network.</summary>
    public static List<string> WaysOutside(Assembly assembly) => Read(assembly, reader => reader.TypeReferences.Select(handle => NameOf(reader, handle))
        .Where(name => WorldOutside.Contains(name) || (name.StartsWith("System.Net.", StringComparison.Ordinal) && name != "System.Net.WebUtility"))
        .Where(name => name != IteratorsType || Members(reader).Any(member => member.StartsWith(IteratorsType + ".", StringComparison.Ordinal) && member != IteratorsMember)).ToList());

    /// <summary>Clock members it calls that tests cannot set.</summary>
    public static List<string> ClockReads(Assembly assembly) => Read(assembly, reader => Members(reader).Where(Clocks.Contains).ToList());

    private static IEnumerable<string> Members(MetadataReader reader) => reader.MemberReferences.Select(reader.GetMemberReference)
        .Where(member => member.Parent.Kind == HandleKind.TypeReference)
        .Select(member => $"{NameOf(reader, (TypeReferenceHandle)member.Parent)}.{reader.GetString(member.Name)}");

    /// <summary>Methods whose failures nobody can await.</summary>
    public static List<string> AsyncVoids(Assembly assembly) => Methods(assembly)
        .Where(method => method is MethodInfo { ReturnType: var type } && type == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute), inherit: false))
        .Select(FullName).ToList();

    /// <summary>Event ids that more than one log message has.</summary>
    public static List<string> SharedEventIds(IEnumerable<Assembly> assemblies) => assemblies.SelectMany(Methods)
        .Select(method => (Name: FullName(method), Log: method.GetCustomAttribute<LoggerMessageAttribute>())).Where(message => message.Log is not null)
        .GroupBy(message => message.Log!.EventId).Where(group => group.Key <= 0 || group.Count() > 1)
        .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key}: {string.Join(", ", group.Select(message => message.Name))}")).ToList();

    private static IEnumerable<MethodBase> Methods(Assembly assembly) => assembly.GetTypes().SelectMany(type => type.GetMethods(
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly));

    private static string FullName(MethodBase method) => $"{method.DeclaringType!.FullName}.{method.Name}";

    private static List<string> Read(Assembly assembly, Func<MetadataReader, List<string>> read)
    {
        using var file = File.OpenRead(assembly.Location);
        using var image = new PEReader(file);
        return read(image.GetMetadataReader());
    }

    private static string NameOf(MetadataReader reader, TypeReferenceHandle handle)
    {
        var type = reader.GetTypeReference(handle);
        return $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
    }
}
