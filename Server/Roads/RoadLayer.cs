using GridMap.Server.Access;
using GridMap.Server.Layers;

namespace GridMap.Server.Roads;

/// <summary>How roads are published.</summary>
public static class RoadLayer
{
    private static readonly string[] Classes = ["expressway", "ring", "arterial", "collector", "lane", "footpath", "crossing", "steps", "cycleway", "other"];
    private static readonly string[] Directions = ["both", "forward", "backward"];

    private static readonly LayerColumn Class = new("class", ("Class", "道路等级"), "t.class", ColumnKind.Text, InTiles: true, Choices: Classes);

    private static readonly LayerWrites Writes = new(Role.Planner,
    [
        new("code", "code", ColumnKind.Text) { IsCode = true, MostCharacters = 60 },
        new("name", "name", ColumnKind.Text),
        new("nameEn", "name_en", ColumnKind.Text),
        new("class", "class", ColumnKind.Text) { IsRequired = true, Choices = Classes },
        new("walkable", "walkable", ColumnKind.Flag),
        new("walkDirection", "walk_direction", ColumnKind.Text) { Choices = Directions },
        new("walkFactor", "walk_factor", ColumnKind.Number) { Least = 1, Most = 20 },
        new("oneway", "oneway", ColumnKind.Flag),
        new("bridge", "bridge", ColumnKind.Flag),
        new("tunnel", "tunnel", ColumnKind.Flag),
        new("level", "layer", ColumnKind.Integer) { Least = -20, Most = 20 },
    ]);

    public static readonly Layer Layer = new("roads", "roads", "Roads", "道路", "Roads and paths, walkable or not.")
    {
        DescriptionZh = "道路与小径，可步行或不可步行。",
        From = "roads AS t",
        Geometry = "line",
        TileDetail = zoom => zoom < 10 ? PropertyTest.In(Class, ["expressway", "ring"]) : zoom < 12 ? PropertyTest.In(Class, ["expressway", "ring", "arterial"])
            : zoom < 13 ? PropertyTest.In(Class, ["expressway", "ring", "arterial", "collector"]) : zoom < 15 ? PropertyTest.NotIn(Class, ["footpath", "crossing", "steps"]) : null,
        Writes = Writes,
        Columns =
        [
            new("code", ("Code", "编码"), "t.code", ColumnKind.Text),
            new("name", ("Name", "名称"), "t.name", ColumnKind.Text, InTiles: true),
            new("nameEn", ("English name", "英文名称"), "t.name_en", ColumnKind.Text, InTiles: true),
            Class,
            new("walkable", ("Walkable", "可步行"), "t.walkable", ColumnKind.Flag),
            new("walkDirection", ("Direction of walking", "步行方向"), "t.walk_direction", ColumnKind.Text, Choices: Directions),
            new("walkFactor", ("Effort of walking", "步行阻力系数"), "t.walk_factor", ColumnKind.Number),
            new("oneway", ("One way for vehicles", "车辆单行"), "t.oneway", ColumnKind.Flag),
            new("bridge", ("Bridge", "桥梁"), "t.bridge", ColumnKind.Flag, InTiles: true),
            new("tunnel", ("Tunnel", "隧道"), "t.tunnel", ColumnKind.Flag, InTiles: true),
            new("level", ("Level above ground", "层位"), "t.layer", ColumnKind.Integer),
        ],
    };
}
