using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests;

/// <summary>The walls that the compiler does not keep: who may name whom.</summary>
/// <remarks>
/// Files directly in Server (Program.cs, Features.cs, …) put the house together and may name every feature; Program.cs stays a
/// table of contents. All other folders of Server are features, but for the ground floor.
/// </remarks>
public partial class ImportRules
{
    private const int MaxLines = 500;
    private const int MaxProgramLines = 80;

    private static readonly string[] GroundFloor = ["Database", "Http", "Layers", "Access", "Jobs", "Walking", "Gdal", "Results"];
    private static readonly string[] FarFromGeo = ["GridMap.Server", "Microsoft.AspNetCore", "Npgsql"];

    private static readonly IReadOnlyList<SourceFile> Geo = SourceTree.Read("Geo");
    private static readonly IReadOnlyList<SourceFile> Server = SourceTree.Read("Server");

    [Fact]
    public void Geo_names_no_server_no_http_and_no_database()
    {
        Geo.Count.ShouldBeGreaterThan(0, "no file of Geo was read");
        Geo.SelectMany(file => FarFromGeo.Where(file.Text.Contains).Select(name => $"{file.Path} names {name}")).ShouldBeEmpty();
        File.ReadAllText(Path.Combine(ReferenceData.Root, "Geo", "Geo.csproj")).ShouldNotContain("ProjectReference");
    }

    [Fact]
    public void Geo_avoids_the_two_structures_that_collapse_on_city_data()
    {
        Geo.Count.ShouldBeGreaterThan(0, "no file of Geo was read");
        // The hash of a packed pair of ids (high xor low) sends neighbours into one bucket; HPRtree of NTS 2.5 is a list in disguise.
        Geo.Where(file => PackedKeys().IsMatch(file.Code)).Select(file => file.Path).ShouldBeEmpty();
    }

    [Fact]
    public void Features_do_not_know_each_other_and_the_ground_floor_knows_none()
    {
        Server.Count(file => file.ServerFolder is not null).ShouldBeGreaterThan(0, "no file of a Server folder was read");
        Violations(Server).ShouldBeEmpty();
    }

    [Fact]
    public void No_import_reaches_all_files_at_once()
    {
        Server.Count.ShouldBeGreaterThan(0, "no file of Server was read");
        Server.Where(file => GlobalUsing().IsMatch(file.Code)).Select(file => file.Path).ShouldBeEmpty();
        var projects = Directory.EnumerateFiles(ReferenceData.Root, "Directory.Build.*").Append(Path.Combine(ReferenceData.Root, "Server", "Server.csproj"));
        projects.Where(project => Regex.IsMatch(File.ReadAllText(project), "<Using[^>]*GridMap\\.Server", RegexOptions.None, TimeSpan.FromSeconds(1))).ShouldBeEmpty();
    }

    [Fact]
    public void Files_stay_short()
    {
        var files = SourceTree.Read("Geo", "Server", "SampleCity", "tests");
        files.Count.ShouldBeGreaterThan(0, "no file was read");
        files.Where(file => file.Lines > MaxLines).Select(file => $"{file.Path} has {file.Lines} lines; at most {MaxLines}").ShouldBeEmpty();
        var program = files.SingleOrDefault(file => file.Path == "Server/Program.cs").ShouldNotBeNull();
        program.Lines.ShouldBeLessThanOrEqualTo(MaxProgramLines);
    }

    [Theory]
    [InlineData("using GridMap.Server.Incidents;", "Grids")]
    [InlineData("using static GridMap.Server.Incidents.IncidentQueries;", "Grids")]
    [InlineData("using Q = GridMap.Server.Incidents.IncidentQueries;", "Grids")]
    [InlineData("using Server.Incidents;", "Grids")]
    [InlineData("using Incidents;", "Grids")]
    [InlineData("class A { void M() => GridMap.Server.Incidents.IncidentQueries.Run(); }", "Grids")]
    [InlineData("class A { void M() => global::GridMap.Server.Incidents.IncidentQueries.Run(); }", "Grids")]
    [InlineData("class A { void M() => Server.Incidents.IncidentQueries.Run(); }", "Grids")]
    [InlineData("class A { void M() => Incidents.IncidentQueries.Run(); }", "Grids")]
    [InlineData("class A { void M() => Run($\"SELECT {Incidents . IncidentQueries.Table}\"); }", "Grids")]
    [InlineData("class A { void M() => Run($\"\"\"SELECT {Incidents.IncidentQueries.Table}\"\"\"); }", "Grids")]
    [InlineData("using GridMap.Server.Incidents;", "Http")]
    [InlineData("using GridMap.Server.Incidents;", "Tiles")]
    [InlineData("class A { Incidents.Incident? incident; }", "OgcApi")]
    public void A_planted_violation_is_caught(string code, string folder)
        => Violations([.. Incidents(), new($"Server/{folder}/Planted.cs", $"namespace GridMap.Server.{folder};\n{code}\n")]).Count.ShouldBe(1, code);

    [Fact]
    public void A_file_in_anothers_namespace_is_caught()
        => Violations([.. Incidents(), new("Server/Grids/Hidden.cs", "namespace GridMap.Server.Incidents;\n")]).ShouldNotBeEmpty();

    [Theory]
    [InlineData("using GridMap.Server.Http;", "Grids")]
    [InlineData("// see Incidents.IncidentQueries and GridMap.Server.Incidents", "Grids")]
    [InlineData("/* GridMap.Server.Incidents */ class A { string M() => \"GridMap.Server.Incidents\"; }", "Grids")]
    [InlineData("class A { object M() => summary.Incidents.Count; }", "Grids")]
    [InlineData("class A { int M() => Incidents.Count; int[] Incidents = []; }", "Grids")]
    [InlineData("class A { char q = '\"'; string s = \"Incidents.IncidentQueries\"; }", "Grids")]
    [InlineData("using GridMap.Server.Incidents;", "Incidents")]
    public void An_innocent_file_is_let_pass(string code, string folder)
        => Violations([.. Incidents(), new($"Server/{folder}/Innocent.cs", $"namespace GridMap.Server.{folder};\n{code}\n")]).ShouldBeEmpty();

    [Fact]
    public void The_composition_root_may_name_features()
        => Violations([.. Incidents(), new("Server/Features.cs", "using GridMap.Server.Incidents;\nnamespace GridMap.Server;\n")]).ShouldBeEmpty();

    private static IEnumerable<SourceFile> Incidents() =>
    [
        new("Server/Incidents/IncidentQueries.cs", "namespace GridMap.Server.Incidents;\npublic static class IncidentQueries { }\n"),
        new("Server/Incidents/Incident.cs", "namespace GridMap.Server.Incidents;\npublic sealed record Incident(int Id);\n"),
        new("Server/Http/Page.cs", "namespace GridMap.Server.Http;\npublic sealed record Page(int Limit);\n"),
    ];

    private static List<string> Violations(IReadOnlyList<SourceFile> files)
    {
        var violations = new List<string>();
        var houses = files.Where(file => file.ServerFolder is not null).GroupBy(file => file.ServerFolder!).OrderBy(group => group.Key, StringComparer.Ordinal).ToArray();
        // Folder and namespace may differ by an ending (Database, Databases): the files say.
        var names = houses.ToDictionary(house => house.Key, house => house.SelectMany(Namespaces)
            .Where(name => name.StartsWith(house.Key, StringComparison.Ordinal)).Append(house.Key).Distinct().ToArray());
        foreach (var house in houses)
        {
            foreach (var file in house)
            {
                violations.AddRange(Namespaces(file).Where(name => !names[house.Key].Contains(name))
                    .Select(name => $"{file.Path} declares namespace GridMap.Server.{name}"));
            }
        }

        foreach (var feature in houses.Where(house => !GroundFloor.Contains(house.Key)))
        {
            var types = feature.SelectMany(file => Declaration().Matches(file.Code).Select(m => m.Groups["name"].Value)).Distinct().ToArray();
            var mention = Mention(names[feature.Key], types);
            foreach (var house in houses.Where(house => house.Key != feature.Key))
            {
                violations.AddRange(house.Where(file => mention.IsMatch(file.Code))
                    .Select(file => $"{file.Path} names {feature.Key}: {mention.Match(file.Code).Value.Trim()}"));
            }
        }

        return violations;
    }

    private static IEnumerable<string> Namespaces(SourceFile file) => Namespace().Matches(file.Code).Select(m => m.Groups["name"].Value);

    /// <summary>
    /// A using of the feature, its full name, or its short name in front of one of its types. The short name alone says nothing: a record
    /// may well have a property of that name.
    /// </summary>
    private static Regex Mention(string[] names, string[] types)
    {
        var name = string.Join('|', names.Select(Regex.Escape));
        var type = types.Length == 0 ? "(?!)" : string.Join('|', types.Select(Regex.Escape));
        return new Regex(
            $@"\busing\s+(?:static\s+)?(?:\w+\s*=\s*)?(?:global::\s*)?(?:GridMap\s*\.\s*)?(?:Server\s*\.\s*)?(?:{name})\s*[;.]"
            + $@"|\bGridMap\s*\.\s*Server\s*\.\s*(?:{name})\b"
            + $@"|(?<![\w.]|\.\s)(?:Server\s*\.\s*)?(?:{name})\s*\.\s*(?:{type})\b",
            RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));
    }

    [GeneratedRegex(@"\bnamespace\s+GridMap\.Server\.(?<name>\w+)", RegexOptions.None, 1000)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\b(?:class|struct|interface|enum|record|record\s+struct|record\s+class|delegate\s+[\w<>?\[\],. ]+?)\s+(?<name>[A-Z]\w*)", RegexOptions.None, 1000)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\bglobal\s+using\s+(?:static\s+)?(?:\w+\s*=\s*)?(?:global::\s*)?GridMap\s*\.\s*Server\b", RegexOptions.None, 1000)]
    private static partial Regex GlobalUsing();

    [GeneratedRegex(@"\b(?:Dictionary|HashSet)<u?long\b|\bHPRtree\b", RegexOptions.None, 1000)]
    private static partial Regex PackedKeys();
}
