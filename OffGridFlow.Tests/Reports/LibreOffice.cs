using System.Diagnostics;

namespace OffGridFlow.Tests.Reports;

/// <summary>LibreOffice without a window and with a profile of its own, which recalculates each formula on load.</summary>
internal static class LibreOffice
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly string[] Places = ["/usr/bin/soffice", "/usr/lib/libreoffice/program/soffice", "/opt/libreoffice/program/soffice"];

    // 0 = always. Without it LibreOffice shows the results that stand in the file, and a test would compare us with ourselves.
    private const string Profile =
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
          <item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
        </oor:items>
        """;

    /// <summary>The file as LibreOffice saves it after recalculating; skips the test where there is no LibreOffice.</summary>
    public static async Task<Xlsx> RecalculateAsync(byte[] file)
    {
        var program = Places.FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "LibreOffice is not on this machine (Debian: apt-get install --no-install-recommends libreoffice-calc-nogui).");
        var folder = Directory.CreateTempSubdirectory("offgridflow-office-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "profile", "user"));
            await File.WriteAllTextAsync(Path.Combine(folder, "profile", "user", "registrymodifications.xcu"), Profile, TestContext.Current.CancellationToken);
            await File.WriteAllBytesAsync(Path.Combine(folder, "in.xlsx"), file, TestContext.Current.CancellationToken);
            await ConvertAsync(program!, folder);
            return Xlsx.Read(await File.ReadAllBytesAsync(Path.Combine(folder, "out", "in.xlsx"), TestContext.Current.CancellationToken), validate: false);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task ConvertAsync(string program, string folder)
    {
        using var process = Process.Start(new ProcessStartInfo(program)
        {
            ArgumentList =
            {
                "-env:UserInstallation=" + new Uri(Path.Combine(folder, "profile")).AbsoluteUri, "--headless", "--norestore",
                "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", Path.Combine(folder, "out"), Path.Combine(folder, "in.xlsx"),
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            process.ExitCode.ShouldBe(0, await output + await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
