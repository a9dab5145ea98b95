using GridMap.Server.Layers;

namespace GridMap.Server.Buildings;

/// <summary>How buildings are published.</summary>
public static class BuildingLayer
{
    public static readonly Layer Layer = new("buildings", "buildings", "Buildings", "建筑", "Buildings with their use, size and residents.")
    {
        From = "buildings AS t",
        MinZoom = 13,
        Columns =
        [
            new("code", "t.code", ColumnKind.Text, InTiles: true),
            new("name", "t.name", ColumnKind.Text, InTiles: true),
            new("address", "t.address", ColumnKind.Text),
            new("use", "t.use", ColumnKind.Text, InTiles: true, Choices: ["residential", "commercial", "office", "industrial", "education", "medical", "public", "mixed", "other"]),
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
