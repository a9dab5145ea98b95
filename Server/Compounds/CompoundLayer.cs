using GridMap.Server.Layers;

namespace GridMap.Server.Compounds;

/// <summary>How compounds are published.</summary>
public static class CompoundLayer
{
    public static readonly Layer Layer = new("compounds", "compounds", "Compounds", "小区", "Residential compounds.")
    {
        From = "compounds AS t",
        MinZoom = 12,
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
