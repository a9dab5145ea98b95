using GridMap.Server.Access;
using GridMap.Server.Layers;

namespace GridMap.Server.Compounds;

/// <summary>How compounds are published.</summary>
public static class CompoundLayer
{
    private static readonly LayerWrites Writes = new(Role.Planner,
    [
        new("code", "code", ColumnKind.Text) { IsCode = true, MostCharacters = 60 },
        new("name", "name", ColumnKind.Text) { IsRequired = true },
        new("nameEn", "name_en", ColumnKind.Text),
        new("areaId", "area_id", ColumnKind.Integer) { Least = 1, Most = long.MaxValue },
        new("propertyManager", "property_manager", ColumnKind.Text),
        new("builtYear", "built_year", ColumnKind.Integer) { Least = 1000, Most = 2200 },
    ]);

    public static readonly Layer Layer = new("compounds", "compounds", "Compounds", "小区", "Residential compounds.")
    {
        DescriptionZh = "住宅小区。",
        From = "compounds AS t",
        MinZoom = 12,
        Writes = Writes,
        Columns =
        [
            new("code", ("Code", "编码"), "t.code", ColumnKind.Text, InTiles: true),
            new("name", ("Name", "名称"), "t.name", ColumnKind.Text, InTiles: true),
            new("nameEn", ("English name", "英文名称"), "t.name_en", ColumnKind.Text, InTiles: true),
            new("areaId", ("Area (id)", "行政区域编号"), "t.area_id", ColumnKind.Integer),
            new("propertyManager", ("Property manager", "物业公司"), "t.property_manager", ColumnKind.Text),
            new("builtYear", ("Built in", "建成年份"), "t.built_year", ColumnKind.Integer),
        ],
    };
}
