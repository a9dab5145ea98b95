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
            new("code", ("Code", "编码"), "t.code", ColumnKind.Text, InTiles: true),
            new("name", ("Name", "名称"), "t.name", ColumnKind.Text, InTiles: true),
            new("nameEn", ("English name", "英文名称"), "t.name_en", ColumnKind.Text, InTiles: true),
            new("type", ("Type", "设施类型"), "t.type", ColumnKind.Text, InTiles: true),
            new("tier", ("Tier", "层级"), "t.tier", ColumnKind.Text, InTiles: true),
            new("address", ("Address", "地址"), "t.address", ColumnKind.Text),
            new("openingHours", ("Opening hours", "开放时间"), "t.opening_hours", ColumnKind.Text),
            new("serviceItems", ("Service items", "服务事项"), "t.service_items", ColumnKind.Text),
            new("capacity", ("Capacity", "容量"), "t.capacity", ColumnKind.Integer),
            new("areaId", ("Area (id)", "行政区域编号"), "t.area_id", ColumnKind.Integer),
            new("gridId", ("Grid (id)", "网格编号"), "t.grid_id", ColumnKind.Integer),
        ],
    };
}
