using GridMap.Server.Access;
using GridMap.Server.Layers;

namespace GridMap.Server.Landscapes;

/// <summary>How landscapes are published.</summary>
public static class LandscapeLayer
{
    private static readonly string[] Kinds = ["water", "green", "square", "rail", "other"];

    private static readonly LayerWrites Writes = new(Role.Planner,
    [
        new("code", "code", ColumnKind.Text) { IsCode = true, MostCharacters = 60 },
        new("name", "name", ColumnKind.Text),
        new("nameEn", "name_en", ColumnKind.Text),
        new("kind", "kind", ColumnKind.Text) { IsRequired = true, Choices = Kinds },
    ]);

    public static readonly Layer Layer = new("landscapes", "landscapes", "Landscape", "水系绿地", "Water, green and squares.")
    {
        DescriptionZh = "水系、绿地与广场。",
        From = "landscapes AS t",
        Writes = Writes,
        Columns =
        [
            new("code", ("Code", "编码"), "t.code", ColumnKind.Text),
            new("name", ("Name", "名称"), "t.name", ColumnKind.Text, InTiles: true),
            new("nameEn", ("English name", "英文名称"), "t.name_en", ColumnKind.Text, InTiles: true),
            new("kind", ("Kind", "类型"), "t.kind", ColumnKind.Text, InTiles: true, Choices: Kinds),
        ],
    };
}
