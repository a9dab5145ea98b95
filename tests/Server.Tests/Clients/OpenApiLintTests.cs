using System.Text.Json;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Clients;

/// <summary>A test with the linter among the client's packages; skipped where they have not been installed.</summary>
public sealed class LinterFactAttribute : FactAttribute
{
    public LinterFactAttribute() => Skip = ScratchDatabase.ReasonToSkip ?? (File.Exists(OpenApiLintTests.Linter) ? null : "The client's packages are not installed.");
}

/// <summary>The contracts that are served please a linter without a warning.</summary>
public sealed class OpenApiLintTests(SmallCity city) : IClassFixture<SmallCity>
{
    public static readonly string Linter = Path.Combine(Root(), "MapClient", "node_modules", "@redocly", "cli", "bin", "cli.js");

    [LinterFact]
    public async Task The_contracts_have_no_fault_in_any_version()
    {
        var folder = Directory.CreateTempSubdirectory("gridmap-lint").FullName;
        try
        {
            foreach (var address in new[] { "/ogc/api?openapi=3.0&f=json", "/ogc/api?openapi=3.1&f=json", "/api/openapi.json" })
            {
                var file = Path.Combine(folder, "openapi.json");
                await File.WriteAllTextAsync(file, await city.Anyone.GetStringAsync(address));
                var (code, text) = await ClientProgram.Run("node", [Linter, "lint", file, "--extends=recommended", "--format=json"],
                    new() { ["REDOCLY_TELEMETRY"] = "off", ["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true" });
                code.ShouldBe(0, text);
                var found = JsonDocument.Parse(text[text.IndexOf('{', StringComparison.Ordinal)..(text.LastIndexOf('}') + 1)]).RootElement;
                found.At("totals", "warnings").GetInt32().ShouldBe(0, text);
                found.At("problems").GetArrayLength().ShouldBe(0, text);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    internal static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "GridMap.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"GridMap.sln not found above {AppContext.BaseDirectory}");
    }
}
