using System.Globalization;
using System.Text.Json.Nodes;
using GridMap.Server.Http;

namespace GridMap.Server.OgcApi;

/// <summary>A style as it is listed and described.</summary>
internal sealed record CityStyle(string Id, Words Title, Words Description, CityPalette Palette)
{
    public static readonly CityStyle[] All =
    [
        new("city", ("The city, its grids and incidents", "城市网格"), ("The light map of the desk: ground, buildings, roads, areas, grids with their codes, facilities by group, and the incidents that are open.",
            "工作台的浅色地图：地面、建筑、道路、行政区域、网格及编码、分类的服务设施，以及未办结的事件。"), CityPalette.Light),
        new("city-dark", ("The city in the dark", "城市网格（深色）"), ("The same on the dark map of the desk and the wall.", "同一地图的深色版本，与工作台深色主题和大屏一致。"), CityPalette.Dark),
    ];

    // From the least to the most important, with widths in pixels at zooms 11, 14, 16 and 18, and the first zoom drawn.
    private static readonly (string Name, double[] Widths, double MinZoom)[] Carriageways =
    [
        ("lane", [0.2, 1, 4, 11], 13.5), ("collector", [0.5, 2.2, 7, 17], 12), ("arterial", [1.2, 4, 10, 24], 9), ("ring", [2, 5, 12, 28], 8), ("expressway", [2.4, 5.8, 14, 32], 7),
    ];

    private static readonly (string Level, double Width, double Glow, double MinZoom, double NamedFrom, double NamedTo, double Size)[] Levels =
    [
        ("community", 0.9, 0, 12.5, 13.3, 16.2, 11.5), ("street", 1.2, 4, 10, 10.5, 14, 13), ("district", 2, 6, 8, 8, 11.5, 15), ("city", 2.4, 8, 4, 4, 9, 17),
    ];

    // White signs would stand on these in both themes.
    private static readonly Dictionary<string, string> GroupColours = new()
    {
        ["governance"] = "#b3372f", ["care"] = "#a8497c", ["health"] = "#0b7f86", ["safety"] = "#33518f", ["education"] = "#8a5a12", ["culture"] = "#4c7a2c", ["daily"] = "#6d5aa8", ["transport"] = "#3f6f99",
    };

    /// <summary>The source of <see cref="AreaNames"/>. QGIS, which knows nothing but tiles, leaves its layers out.</summary>
    public const string NamesOfAreas = "area-names";

    private const string OtherFacility = "#5d6875";

    private const double LargeMarksFrom = 14.5;

    // From this zoom on every incident is a feature of its own in the tiles, with its status.
    private const double SingleFrom = 15;

    private static readonly (double At10, double At14, double At17) DotSizes = (1.5, 3.4, 6.5), UrgentSizes = (2.2, 4.6, 8.5);

    // How many open ones a point stands for, and how much larger it is: as at the desk, the middle of them to the power of 0.35.
    private static readonly (string Id, int Least, int? Below, double Growth)[] Gathered = [("incidents-one", 1, 2, 1), ("incidents-few", 2, 5, 1.47), ("incidents-several", 5, 15, 2.07), ("incidents-many", 15, null, 3.09)];

    // The first as QGIS looks for it; the others for browsers, where the name with a weight is no family.
    private const string Font = """ "text-font": ["Noto Sans CJK SC Regular", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "sans-serif"] """;

    /// <summary>
    /// The layers of the map, without what only the desk knows (selection, the moment, scale of text). They are written so that QGIS 3.22 reads all of them, too: it interpolates over nothing
    /// but the zoom, matches lists only, knows neither case nor coalesce, and takes a list inside <c>in</c> for nothing. Incidents are those that are still open: a year of closed ones would hide
    /// the city. Where the tiles have counts in their place, the counts of those.
    /// </summary>
    /// <param name="groups">Types of facilities by the group that they belong to.</param>
    public JsonArray Layers(IReadOnlyList<(string Group, string[] Types)> groups) => [.. Ground().Concat(Borders()).Concat(Marks(groups)).Concat(Names()).Select(layer => JsonNode.Parse(layer))];

    private IEnumerable<string> Ground()
    {
        var p = Palette;
        yield return $$"""{ "id": "land", "type": "background", "paint": { "background-color": "{{p.Land}}" } }""";
        yield return $$"""
            { "id": "landscapes", "type": "fill", {{Source("landscapes")}},
              "paint": { "fill-color": ["match", ["get", "kind"], ["water"], "{{p.Water}}", ["green"], "{{p.Green}}", ["rail"], "{{p.Rail}}", "{{p.Square}}"] } }
            """;
        yield return $$"""{ "id": "compounds", "type": "fill", {{Source("compounds")}}, "minzoom": 12.5, "paint": { "fill-color": "{{p.Compound}}" } }""";
        yield return $$"""{ "id": "compound-edges", "type": "line", {{Source("compounds")}}, "minzoom": 14, "paint": { "line-color": "{{p.CompoundEdge}}", "line-width": 1 } }""";
        // The taller, the more of the colour of high buildings.
        foreach (var (id, filter, colour, opacity) in new[] { ("buildings", "", p.LowBuilding, 1.0), ("buildings-middling", Taller(7), p.HighBuilding, 0.4), ("buildings-high", Taller(19), p.HighBuilding, 1.0) })
            yield return $$"""{ "id": "{{id}}", "type": "fill", {{Source("buildings")}}, "minzoom": 13.5, {{filter}} "paint": { "fill-color": "{{colour}}", "fill-opacity": {{Text(opacity)}} } }""";
        yield return $$"""{ "id": "building-edges", "type": "line", {{Source("buildings")}}, "minzoom": 15, "paint": { "line-color": "{{p.BuildingEdge}}", "line-width": 0.7 } }""";
        yield return $$"""
            { "id": "road-paths", "type": "line", {{Source("roads")}}, "minzoom": 15, "filter": ["match", ["get", "class"], ["footpath", "crossing", "steps", "cycleway", "other"], true, false],
              "paint": { "line-color": "{{p.Path}}", "line-width": ["interpolate", ["linear"], ["zoom"], 15, 0.7, 18, 2], "line-dasharray": [3, 1.6] } }
            """;
        foreach (var isCasing in new[] { true, false })
        {
            for (var i = 0; i < Carriageways.Length; i++)
            {
                var ((name, widths, first), extra) = (Carriageways[i], isCasing ? 1.6 : 0);
                var from = isCasing ? Math.Max(first, i < 2 ? 13.2 : 11) : first;
                yield return $$"""
                    { "id": "road-{{name}}-{{(isCasing ? "casing" : "fill")}}", "type": "line", {{Source("roads")}}, "minzoom": {{Text(from)}}, "filter": ["==", ["get", "class"], "{{name}}"],
                      "layout": { "line-cap": "{{(isCasing ? "butt" : "round")}}", "line-join": "round" },
                      "paint": { "line-color": "{{(isCasing ? p.Roads[i].Casing : p.Roads[i].Fill)}}", "line-width": ["interpolate", ["exponential", 1.5], ["zoom"],
                        11, {{Text(widths[0] + (extra * 0.5))}}, 14, {{Text(widths[1] + extra)}}, 16, {{Text(widths[2] + (extra * 1.2))}}, 18, {{Text(widths[3] + (extra * 1.6))}}] } }
                    """;
            }
        }

        static string Taller(int floors) => $$""" "filter": ["all", ["has", "floors"], [">=", ["get", "floors"], {{floors}}]], """;
    }

    private IEnumerable<string> Borders()
    {
        foreach (var (level, width, glow, first, _, _, _) in Levels)
        {
            var which = $$""" "minzoom": {{Text(first)}}, "filter": ["==", ["get", "level"], "{{level}}"], "layout": { "line-join": "round" } """;
            if (glow > 0) yield return $$"""{ "id": "area-{{level}}-glow", "type": "line", {{Source("areas")}}, {{which}}, "paint": { "line-color": "{{Palette.AreaGlow}}", "line-width": {{Text(glow)}}, "line-opacity": 0.16 } }""";
            yield return $$"""
                { "id": "area-{{level}}", "type": "line", {{Source("areas")}}, {{which}},
                  "paint": { "line-color": "{{Palette.AreaEdge}}", "line-width": {{Text(width)}}, "line-opacity": {{(level == "community" ? "0.55" : "0.8")}} } }
                """;
        }
        yield return $$"""
            { "id": "grid-edges", "type": "line", {{Source("grids")}}, "minzoom": 11.5, "filter": ["==", ["get", "net"], "base"], "layout": { "line-join": "round" },
              "paint": { "line-color": "{{Palette.Grid}}", "line-width": ["interpolate", ["linear"], ["zoom"], 11.5, 0.3, 14, 0.8, 17, 1.6],
                "line-opacity": ["interpolate", ["linear"], ["zoom"], 11.5, 0.16, 13, 0.38, 14.5, 0.62, 16, 0.8] } }
            """;
    }

    // QGIS 3.22 draws circles in one colour and in twice the first radius that is named: a layer for each colour, and from where they are large one of their own.
    private IEnumerable<string> Marks(IReadOnlyList<(string Group, string[] Types)> groups)
    {
        var known = groups.Where(group => GroupColours.ContainsKey(group.Group)).Select(group => (group.Group, Types: new JsonArray([.. group.Types.Select(type => (JsonNode)type)]).ToJsonString(), Colour: GroupColours[group.Group])).ToList();
        var colour = known.Count == 0 ? $"\"{OtherFacility}\"" : $"""["match", ["get", "type"], {string.Join(", ", known.Select(group => $"{group.Types}, \"{group.Colour}\""))}, "{OtherFacility}"]""";
        yield return Circles("facility-dots", "facilities", 13, LargeMarksFrom, "", colour, $"""["interpolate", ["linear"], ["zoom"], 13, 1.8, {Text(LargeMarksFrom)}, 3.6]""");
        const string radius = """["interpolate", ["linear"], ["zoom"], 14.5, 3.6, 17, 6]""";
        yield return Circles("facilities", "facilities", LargeMarksFrom, 24, "", $"\"{OtherFacility}\"", radius);
        foreach (var (group, types, itsColour) in known)
            yield return Circles($"facilities-{group}", "facilities", LargeMarksFrom, 24, $$""" "filter": ["match", ["get", "type"], {{types}}, true, false], """, $"\"{itsColour}\"", radius);
        // From afar a point may stand for several: its area grows with those that are open.
        foreach (var (id, least, below, growth) in Gathered)
        {
            var filter = $$""" "filter": ["all", ["has", "open"], [">=", ["get", "open"], {{least}}]{{(below is { } most ? $$""", ["<", ["get", "open"], {{most}}]""" : "")}}], """;
            yield return Circles($"{id}-dots", "incidents", 10, 13, filter, $"\"{Palette.Incident}\"", Growing(DotSizes, growth, 10, 13));
            yield return Circles(id, "incidents", 13, SingleFrom, filter, $"\"{Palette.Incident}\"", Growing(DotSizes, growth, 13, 14, SingleFrom));
        }
        foreach (var (id, severities, sizes) in new[] { ("incidents", "\"low\", \"normal\"", DotSizes), ("incidents-urgent", "\"high\", \"urgent\"", UrgentSizes) })
        {
            var filter = $$""" "filter": ["all", ["match", ["get", "status"], ["reported", "accepted", "assigned", "in-progress", "solved"], true, false], ["match", ["get", "severity"], [{{severities}}], true, false]], """;
            yield return Circles(id, "incidents", SingleFrom, 24, filter, $"\"{Palette.Incident}\"", Growing(sizes, 1, SingleFrom, 17));
        }
    }

    // The desk's size of an incident at these zooms. Between two stops of one piece of the curve the same base gives the same curve.
    private static string Growing((double At10, double At14, double At17) sizes, double growth, params double[] zooms)
    {
        return $"""["interpolate", ["exponential", 1.4], ["zoom"], {string.Join(", ", zooms.Select(zoom => $"{Text(zoom)}, {Text(Math.Round(At(zoom), 2))}"))}]""";

        double At(double zoom) => zoom < 14 ? Between(sizes.At10, sizes.At14 * growth, zoom - 10, 4) : Between(sizes.At14 * growth, sizes.At17 * growth, zoom - 14, 3);

        static double Between(double low, double high, double zooms, double all) => low + ((high - low) * (Math.Pow(1.4, zooms) - 1) / (Math.Pow(1.4, all) - 1));
    }

    private string Circles(string id, string layer, double from, double to, string filter, string colour, string radius) => $$"""
        { "id": "{{id}}", "type": "circle", {{Source(layer)}}, "minzoom": {{Text(from)}}, "maxzoom": {{Text(to)}}, {{filter}}
          "paint": { "circle-color": {{colour}}, "circle-radius": {{radius}}, "circle-stroke-color": "{{Palette.Halo}}", "circle-stroke-width": {{(from < 14 ? "0.5" : "1")}} } }
        """;

    private IEnumerable<string> Names()
    {
        var p = Palette;
        yield return $$"""
            { "id": "landscape-names", "type": "symbol", {{Source("landscapes")}}, "minzoom": 13, "filter": ["all", {{Named}}, ["match", ["get", "kind"], ["water", "green", "square"], true, false]],
              "layout": { {{Label(13, 10.5, 17, 13)}}, "text-letter-spacing": 0.06, "text-max-width": 7, "text-padding": 12 },
              "paint": { "text-color": ["match", ["get", "kind"], ["water"], "{{p.WaterText}}", "{{p.GreenText}}"], {{Halo(1)}} } }
            """;
        yield return $$"""
            { "id": "compound-names", "type": "symbol", {{Source("compounds")}}, "minzoom": 15, "filter": {{Named}},
              "layout": { {{Label(15, 10.5, 18, 13)}}, "text-max-width": 7, "text-padding": 8 }, "paint": { "text-color": "{{p.CompoundText}}", {{Halo(1.2)}} } }
            """;
        foreach (var (id, classes, first, size) in new[] { ("main", "\"expressway\", \"ring\", \"arterial\"", 12.5, 11.5), ("collector", "\"collector\"", 14.2, 11), ("lane", "\"lane\"", 15.8, 10) })
        {
            yield return $$"""
                { "id": "road-names-{{id}}", "type": "symbol", {{Source("roads")}}, "minzoom": {{Text(first)}}, "filter": ["all", {{Named}}, ["match", ["get", "class"], [{{classes}}], true, false]],
                  "layout": { {{Label(13, size - 1, 18, size + 2.5)}}, "symbol-placement": "line", "symbol-spacing": 320, "text-letter-spacing": 0.08, "text-max-angle": 30, "text-padding": 6 },
                  "paint": { "text-color": "{{p.RoadText}}", {{Halo(1.6)}} } }
                """;
        }
        yield return $$"""
            { "id": "building-names", "type": "symbol", {{Source("buildings")}}, "minzoom": 16.6, "filter": {{Named}},
              "layout": { {{Label(16, 10.5, 18, 10.5)}}, "text-max-width": 6, "text-padding": 4 }, "paint": { "text-color": "{{p.BuildingText}}", {{Halo(1)}} } }
            """;
        yield return $$"""
            { "id": "facility-names", "type": "symbol", {{Source("facilities")}}, "minzoom": 16, "filter": {{Named}},
              "layout": { {{Label(16, 11, 18, 11)}}, "text-anchor": "top", "text-offset": [0, 0.9], "text-max-width": 8 }, "paint": { "text-color": "{{p.Text}}", {{Halo(1.4)}} } }
            """;
        yield return $$"""
            { "id": "grid-names", "type": "symbol", {{Source("grids")}}, "minzoom": 15.2, "filter": ["==", ["get", "net"], "base"],
              "layout": { "text-field": "{name}\n{code}", "text-size": ["interpolate", ["linear"], ["zoom"], 15.2, 10.5, 18, 14], {{Font}}, "text-line-height": 1.3, "text-max-width": 20, "text-padding": 4 },
              "paint": { "text-color": "{{p.GridText}}", {{Halo(1.6)}} } }
            """;
        foreach (var (level, _, _, _, from, to, size) in Levels)
        {
            yield return $$"""
                { "id": "area-names-{{level}}", "type": "symbol", "source": "{{NamesOfAreas}}", "minzoom": {{Text(from)}}, "maxzoom": {{Text(to)}}, "filter": ["==", ["get", "level"], "{{level}}"],
                  "layout": { {{Label(from, size, to, size)}}, "text-letter-spacing": 0.12, "text-max-width": 8, "text-padding": 6 }, "paint": { "text-color": "{{p.AreaText}}", {{Halo(1.8)}} } }
                """;
        }
    }

    // Null is no name, and neither is nothing.
    private const string Named = """["all", ["has", "name"], ["!=", ["get", "name"], ""]]""";

    private static string Source(string layer) => $""" "source": "{layer}", "source-layer": "{layer}" """;

    private static string Label(double from, double small, double to, double large) =>
        $$""" "text-field": ["get", "name"], "text-size": {{(small == large ? Text(small) : $"[\"interpolate\", [\"linear\"], [\"zoom\"], {Text(from)}, {Text(small)}, {Text(to)}, {Text(large)}]")}}, {{Font}} """;

    private string Halo(double width) => $""" "text-halo-color": "{Palette.Halo}", "text-halo-width": {Text(width)} """;

    private static string Text(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);
}
