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
            new("code", "t.code", ColumnKind.Text, InTiles: true),
            new("name", "t.name", ColumnKind.Text, InTiles: true),
            new("nameEn", "t.name_en", ColumnKind.Text, InTiles: true),
            new("areaId", "t.area_id", ColumnKind.Integer),
            new("propertyManager", "t.property_manager", ColumnKind.Text),
            new("builtYear", "t.built_year", ColumnKind.Integer),
        ],
    };
}
