namespace GridMap.Server.OgcApi;

/// <summary>The colours of the city as the desk has them (<c>MapClient/src/map/palette.ts</c>); a test holds the two together.</summary>
internal sealed record CityPalette
{
    public required string Land { get; init; }
    public required string Water { get; init; }
    public required string WaterText { get; init; }
    public required string Green { get; init; }
    public required string GreenText { get; init; }
    public required string Square { get; init; }
    public required string Rail { get; init; }
    public required string Compound { get; init; }
    public required string CompoundEdge { get; init; }
    public required string CompoundText { get; init; }
    public required string LowBuilding { get; init; }
    public required string HighBuilding { get; init; }
    public required string BuildingEdge { get; init; }
    public required string BuildingText { get; init; }

    /// <summary>From the least to the most important: see <see cref="CityStyle"/>.</summary>
    public required (string Fill, string Casing)[] Roads { get; init; }

    public required string Path { get; init; }
    public required string RoadText { get; init; }
    public required string AreaEdge { get; init; }
    public required string AreaGlow { get; init; }
    public required string AreaText { get; init; }
    public required string Grid { get; init; }
    public required string GridText { get; init; }
    public required string Halo { get; init; }
    public required string Text { get; init; }
    public required string Incident { get; init; }

    public static readonly CityPalette Light = new()
    {
        Land = "#f3f1ec", Water = "#b3d4ea", WaterText = "#2f6690", Green = "#d3e6c6", GreenText = "#3d6b2f", Square = "#ebe5d9", Rail = "#dcd8d2",
        Compound = "#ece8df", CompoundEdge = "#d6cfc1", CompoundText = "#6b6152", LowBuilding = "#e2dcd0", HighBuilding = "#c8bfae", BuildingEdge = "#c2b8a6", BuildingText = "#62594b",
        Roads = [("#fdfcfa", "#dcd7cc"), ("#ffffff", "#d3cdc1"), ("#fdf0c4", "#d9c48f"), ("#f9d9a0", "#d7b06b"), ("#f6c27d", "#d39a4c")],
        Path = "#c4b9a4", RoadText = "#5b5346", AreaEdge = "#5d5a75", AreaGlow = "#8c88ad", AreaText = "#3b3955", Grid = "#b0247e", GridText = "#8f1a66", Halo = "#fbfaf7", Text = "#24303d",
        Incident = "#c2660a",
    };

    public static readonly CityPalette Dark = new()
    {
        Land = "#12171e", Water = "#16304a", WaterText = "#7fb3dc", Green = "#17281f", GreenText = "#86b58c", Square = "#1a2027", Rail = "#20262e",
        Compound = "#171d25", CompoundEdge = "#242c37", CompoundText = "#9aa5b3", LowBuilding = "#222a34", HighBuilding = "#37424f", BuildingEdge = "#333e4b", BuildingText = "#a3aebb",
        Roads = [("#2a323c", "#0f141a"), ("#353d47", "#0c1015"), ("#454642", "#0c1015"), ("#584b34", "#0c1015"), ("#6d5836", "#0c1015")],
        Path = "#39434f", RoadText = "#b9c1cb", AreaEdge = "#9a97c4", AreaGlow = "#6d6aa0", AreaText = "#cfcdec", Grid = "#e46fbb", GridText = "#f0a0d4", Halo = "#0d1218", Text = "#e6ebf1",
        Incident = "#ffb454",
    };
}
