using GridMap.Server.Layers;

namespace GridMap.Server.Areas;

/// <summary>How areas are published.</summary>
public static class AreaLayer
{
    private static readonly LayerColumn Level = new("level", ("Level", "行政级别"), "t.level", ColumnKind.Text, InTiles: true, Choices: ["city", "district", "street", "community"]);

    public static readonly Layer Layer = new("areas", "areas", "Areas", "行政区域", "Administrative areas: city, district, street, community.")
    {
        DescriptionZh = "行政区域：市、区县、街道、社区。",
        From = "areas AS t",
        TileDetail = zoom => zoom < 9 ? PropertyTest.In(Level, ["city", "district"]) : zoom < 11 ? PropertyTest.NotIn(Level, ["community"]) : null,
        Columns =
        [
            new("code", ("Code", "编码"), "t.code", ColumnKind.Text, InTiles: true),
            new("name", ("Name", "名称"), "t.name", ColumnKind.Text, InTiles: true),
            new("nameEn", ("English name", "英文名称"), "t.name_en", ColumnKind.Text, InTiles: true),
            Level,
            new("parentId", ("Area above (id)", "上级区域编号"), "t.parent_id", ColumnKind.Integer),
        ],
    };
}
