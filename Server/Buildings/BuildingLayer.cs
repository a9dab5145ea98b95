using GridMap.Server.Access;
using GridMap.Server.Layers;

namespace GridMap.Server.Buildings;

/// <summary>How buildings are published.</summary>
public static class BuildingLayer
{
    private static readonly string[] Uses = ["residential", "commercial", "office", "industrial", "education", "medical", "public", "mixed", "other"];

    private static readonly LayerWrites Writes = new(Role.Planner,
    [
        new("code", "code", ColumnKind.Text) { IsCode = true, MostCharacters = 60 },
        new("name", "name", ColumnKind.Text),
        new("address", "address", ColumnKind.Text),
        new("use", "use", ColumnKind.Text) { Choices = Uses },
        new("floors", "floors", ColumnKind.Integer) { Most = 250 },
        new("heightMetres", "height_metres", ColumnKind.Number) { Most = 1200 },
        new("households", "households", ColumnKind.Integer) { Most = 100_000 },
        new("residents", "residents", ColumnKind.Integer) { Most = 100_000 },
        new("elderly", "elderly", ColumnKind.Integer) { Most = 100_000 },
        new("children", "children", ColumnKind.Integer) { Most = 100_000 },
        new("compoundId", "compound_id", ColumnKind.Integer) { Least = 1, Most = long.MaxValue },
    ])
    { AreaColumn = "area_id" };

    public static readonly Layer Layer = new("buildings", "buildings", "Buildings", "建筑", "Buildings with their use, size and residents.")
    {
        DescriptionZh = "建筑及其用途、规模与居民。",
        From = "buildings AS t",
        MinZoom = 13,
        Writes = Writes,
        Columns =
        [
            new("code", ("Code", "编码"), "t.code", ColumnKind.Text, InTiles: true),
            new("name", ("Name", "名称"), "t.name", ColumnKind.Text, InTiles: true),
            new("address", ("Address", "地址"), "t.address", ColumnKind.Text),
            new("use", ("Use", "用途"), "t.use", ColumnKind.Text, InTiles: true, Choices: Uses),
            new("floors", ("Floors", "层数"), "t.floors", ColumnKind.Integer, InTiles: true),
            new("heightMetres", ("Height, m", "高度（米）"), "t.height_metres", ColumnKind.Number, InTiles: true),
            new("households", ("Households", "户数"), "t.households", ColumnKind.Integer),
            new("residents", ("Residents", "常住人口"), "t.residents", ColumnKind.Integer, InTiles: true),
            new("elderly", ("Older people", "老年人口"), "t.elderly", ColumnKind.Integer),
            new("children", ("Children", "儿童人口"), "t.children", ColumnKind.Integer),
            new("compoundId", ("Compound (id)", "小区编号"), "t.compound_id", ColumnKind.Integer),
            new("areaId", ("Area (id)", "行政区域编号"), "t.area_id", ColumnKind.Integer),
            new("gridId", ("Grid (id)", "网格编号"), "t.grid_id", ColumnKind.Integer),
        ],
    };
}
