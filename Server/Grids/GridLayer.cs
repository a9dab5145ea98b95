using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.Grids;

/// <summary>How grids are published.</summary>
public static class GridLayer
{
    private static readonly Parameter<string?> Net = Parameters.TextOf("net", 40, "The net; base when absent.").Or("base");

    private static readonly LayerColumn NetCode = new("net", ("Net of grids", "网格体系"), "nets.code", ColumnKind.Text, InTiles: true);
    private static readonly LayerColumn ValidFrom = new("validFrom", ("Valid from", "生效时间"), "t.valid_from", ColumnKind.Time), ValidTo = new("validTo", ("Valid until", "失效时间"), "t.valid_to", ColumnKind.Time);

    public static readonly Layer Layer = new("grids", "grids", "Grids", "网格", "Dated boundaries of grids, of every net.")
    {
        DescriptionZh = "各类网格按日期记录的边界。",
        From = "grids AS t JOIN nets ON nets.id = t.net_id",
        DependsOn = ["grids", "nets"],
        TimeStart = "t.valid_from",
        TimeEnd = "t.valid_to",
        MinZoom = 8,
        TileFilter = new LayerFilter([Net, Parameters.At], async (ask, _, clock, cancellation) =>
        {
            var at = await clock.Utc(ask.Get(Parameters.At), cancellation) ?? clock.Now;
            return [PropertyTest.Equal(NetCode, ask.Get(Net)!), PropertyTest.Compare(ValidFrom, TestKind.LessOrEqual, at), PropertyTest.Compare(ValidTo, TestKind.Greater, at)];
        }),
        Writes = GridWrites.Rules,
        Columns =
        [
            NetCode,
            new("code", ("Code", "编码"), "t.code", ColumnKind.Text, InTiles: true),
            new("name", ("Name", "名称"), "t.name", ColumnKind.Text, InTiles: true),
            new("kind", ("Kind", "网格类型"), "t.kind", ColumnKind.Text, InTiles: true, Choices: ["base", "special", "micro"]),
            new("areaId", ("Area (id)", "行政区域编号"), "t.area_id", ColumnKind.Integer, InTiles: true),
            new("households", ("Households", "户数"), "t.households", ColumnKind.Integer, InTiles: true),
            new("residents", ("Residents", "常住人口"), "t.residents", ColumnKind.Integer, InTiles: true),
            ValidFrom,
            ValidTo,
        ],
    };
}
