using GridMap.Server.Layers;

namespace GridMap.Server.Landscapes;

/// <summary>How landscapes are published.</summary>
public static class LandscapeLayer
{
    public static readonly Layer Layer = new("landscapes", "landscapes", "Landscape", "水系绿地", "Water, green and squares.")
    {
        From = "landscapes AS t",
        Columns =
        [
            new("code", "t.code", ColumnKind.Text),
            new("name", "t.name", ColumnKind.Text, InTiles: true),
            new("kind", "t.kind", ColumnKind.Text, InTiles: true, Choices: ["water", "green", "square", "rail", "other"]),
        ],
    };
}
