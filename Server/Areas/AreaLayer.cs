using GridMap.Server.Layers;

namespace GridMap.Server.Areas;

/// <summary>How areas are published.</summary>
public static class AreaLayer
{
    private static readonly LayerColumn Level = new("level", "t.level", ColumnKind.Text, InTiles: true, Choices: ["city", "district", "street", "community"]);

    public static readonly Layer Layer = new("areas", "areas", "Areas", "行政区域", "Administrative areas: city, district, street, community.")
    {
        DescriptionZh = "行政区域：市、区县、街道、社区。",
        From = "areas AS t",
        TileDetail = zoom => zoom < 9 ? PropertyTest.In(Level, ["city", "district"]) : zoom < 11 ? PropertyTest.NotIn(Level, ["community"]) : null,
        Columns =
        [
            new("code", "t.code", ColumnKind.Text, InTiles: true),
            new("name", "t.name", ColumnKind.Text, InTiles: true),
            new("nameEn", "t.name_en", ColumnKind.Text, InTiles: true),
            Level,
            new("parentId", "t.parent_id", ColumnKind.Integer),
        ],
    };
}
