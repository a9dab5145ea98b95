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
            new("code", "t.code", ColumnKind.Text, InTiles: true),
            new("name", "t.name", ColumnKind.Text, InTiles: true),
            new("address", "t.address", ColumnKind.Text),
            new("use", "t.use", ColumnKind.Text, InTiles: true, Choices: Uses),
            new("floors", "t.floors", ColumnKind.Integer, InTiles: true),
            new("heightMetres", "t.height_metres", ColumnKind.Number, InTiles: true),
            new("households", "t.households", ColumnKind.Integer),
            new("residents", "t.residents", ColumnKind.Integer, InTiles: true),
            new("elderly", "t.elderly", ColumnKind.Integer),
            new("children", "t.children", ColumnKind.Integer),
            new("compoundId", "t.compound_id", ColumnKind.Integer),
            new("areaId", "t.area_id", ColumnKind.Integer),
            new("gridId", "t.grid_id", ColumnKind.Integer),
        ],
    };
}
