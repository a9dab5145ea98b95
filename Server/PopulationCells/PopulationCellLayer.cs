using GridMap.Server.Layers;

namespace GridMap.Server.PopulationCells;

/// <summary>How population-cells are published.</summary>
public static class PopulationCellLayer
{
    public static readonly Layer Layer = new("population-cells", "population_cells", "Population cells", "人口格网", "Counted or estimated population by cell.")
    {
        DescriptionZh = "按格网统计或估算的人口。",
        From = "population_cells AS t",
        MinZoom = 11,
        Columns =
        [
            new("code", ("Code", "编码"), "t.code", ColumnKind.Text, InTiles: true),
            new("residents", ("Residents", "常住人口"), "t.residents", ColumnKind.Integer, InTiles: true),
            new("households", ("Households", "户数"), "t.households", ColumnKind.Integer),
            new("elderly", ("Older people", "老年人口"), "t.elderly", ColumnKind.Integer, InTiles: true),
            new("children", ("Children", "儿童人口"), "t.children", ColumnKind.Integer, InTiles: true),
        ],
    };
}
