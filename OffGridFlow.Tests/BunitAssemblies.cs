using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace OffGridFlow.Tests;

/// <summary>Hands bUnit the AngleSharp.Diffing that lies beside the tests, whatever version bUnit asks for (see eng/Bunit.targets).</summary>
internal static class BunitAssemblies
{
#pragma warning disable CA2255 // bUnit's first use is anywhere in the suite, so the handler must be there before any test runs.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register() => AssemblyLoadContext.Default.Resolving += (context, name) =>
    {
        var path = Path.Combine(AppContext.BaseDirectory, name.Name + ".dll");
        return name.Name == "AngleSharp.Diffing" && File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
    };
}
