using GridMap.Server.Access;
using GridMap.Server.Layers;

namespace GridMap.Server.Facilities;

/// <summary>How facilities are published.</summary>
public static class FacilityLayer
{
    private static readonly LayerWrites Writes = new(Role.Planner,
    [
        new("code", "code", ColumnKind.Text) { IsCode = true, MostCharacters = 60 },
        new("name", "name", ColumnKind.Text) { IsRequired = true },
        new("nameEn", "name_en", ColumnKind.Text),
        new("type", "type", ColumnKind.Text) { IsRequired = true, MostCharacters = 60, Catalogue = "facility-types" },
        new("tier", "tier", ColumnKind.Text) { MostCharacters = 60 },
        new("address", "address", ColumnKind.Text),
        new("openingHours", "opening_hours", ColumnKind.Text),
        new("serviceItems", "service_items", ColumnKind.Text) { MostCharacters = 1_000 },
        new("capacity", "capacity", ColumnKind.Integer) { Most = 1_000_000 },
    ])
    { AreaColumn = "area_id" };

    public static readonly Layer Layer = new("facilities", "facilities", "Facilities", "服务设施", "Service points by type and tier.")
    {
        DescriptionZh = "各类各级服务设施点。",
        From = "facilities AS t",
        Geometry = "point",
        MinZoom = 11,
        Thinning = new TileThinning(14, "type"),
        Writes = Writes,
        Columns =
        [
            new("code", "t.code", ColumnKind.Text, InTiles: true),
            new("name", "t.name", ColumnKind.Text, InTiles: true),
            new("nameEn", "t.name_en", ColumnKind.Text, InTiles: true),
            new("type", "t.type", ColumnKind.Text, InTiles: true),
            new("tier", "t.tier", ColumnKind.Text, InTiles: true),
            new("address", "t.address", ColumnKind.Text),
            new("openingHours", "t.opening_hours", ColumnKind.Text),
            new("serviceItems", "t.service_items", ColumnKind.Text),
            new("capacity", "t.capacity", ColumnKind.Integer),
            new("areaId", "t.area_id", ColumnKind.Integer),
            new("gridId", "t.grid_id", ColumnKind.Integer),
        ],
    };
}
