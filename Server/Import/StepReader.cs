using GridMap.Geo.Projections;

namespace GridMap.Server.Import;

/// <summary>Reads one step of a profile: where rows come from, what they become, and which geometry is wanted.</summary>
internal static class StepReader
{
    private static readonly string[] Levels = ["city", "district", "street", "community"];

    public static Step Read(JsonAt at) => at.Has("distribute") ? Distribute(at) : Table(at);

    private static TableStep Table(JsonAt at)
    {
        at.Object("name", "notes", "table", "source", "where", "fields", "geometry", "existing", "onlyWithoutLevel");
        var name = at.Get("name").FilledText(100);
        var table = at.Get("table");
        var target = TargetTable.All.FirstOrDefault(one => one.Name == table.Text())
            ?? throw table.Wrong($"expected one of {string.Join(", ", TargetTable.All.Select(one => one.Name))}");
        var source = Source(at.Get("source"));
        return new TableStep(
            at.Path,
            name,
            target,
            source,
            at.Has("where") ? ExpressionReader.Conditions(at.Get("where")) : [],
            Fields(at.Get("fields"), target),
            at.Has("geometry") ? Geometry(at.Get("geometry"), target) : GeometryRules.Default,
            at.Has("existing") && at.Get("existing").OneOf("update", "keep") == "keep",
            at.Has("onlyWithoutLevel") ? at.Get("onlyWithoutLevel").OneOf(Levels) : null);
    }

    private static Dictionary<string, Field> Fields(JsonAt at, TargetTable target)
    {
        var fields = new Dictionary<string, Field>();
        foreach (var (name, value) in at.Object(target.FieldNames.ToArray()).Properties())
        {
            var column = target.Columns.FirstOrDefault(one => one.Name == name);
            fields[name] = ExpressionReader.Field(value, column?.Kind ?? ColumnKind.Text);
            if (column?.Allowed is { } allowed && fields[name].Expression is Constant constant && !allowed.Contains(constant.Value))
                throw value.Wrong($"\"{constant.Value}\" is not allowed; allowed are {string.Join(", ", allowed)}");
        }
        foreach (var column in target.Columns.Where(column => column.Required && !fields.ContainsKey(column.Name)))
            throw at.Wrong($"\"{column.Name}\" is missing: {target.Name} cannot be without it");
        return fields;
    }

    private static StepSource Source(JsonAt at)
    {
        if (at.Has("area")) return new AreaSource(at.Path, at.Object("area").Get("area").OneOf(Levels));
        if (at.Has("hullOf"))
        {
            var files = at.Object("hullOf").Get("hullOf").Items(20).Select(FilesSource).ToList();
            if (files.Count == 0) throw at.Get("hullOf").Wrong("is empty");
            return files.All(one => one.Coord == files[0].Coord) ? new HullSource(at.Path, files) : throw at.Get("hullOf").Wrong("has files in different \"coord\"");
        }
        return FilesSource(at);
    }

    private static FileSource FilesSource(JsonAt at)
    {
        at.Object("files", "layer", "encoding", "crs", "coord", "x", "y", "wkt", "optional");
        if (at.Has("x") != at.Has("y")) throw at.Wrong("\"x\" and \"y\" belong together");
        if (at.Has("x") && at.Has("wkt")) throw at.Wrong("\"wkt\" and \"x\", \"y\" exclude each other");
        return new FileSource(
            at.Path,
            Files(at.Get("files")),
            at.Has("layer") ? Layer(at.Get("layer")) : null,
            at.Has("encoding") ? Encoding(at.Get("encoding")) : null,
            at.Has("crs") ? Crs(at.Get("crs")) : null,
            at.Has("coord") ? Coord(at.Get("coord")) : null,
            Optional("x"), Optional("y"), Optional("wkt"),
            at.Has("optional") && at.Get("optional").Flag());

        string? Optional(string name) => at.Has(name) ? at.Get(name).FilledText(200) : null;
    }

    private static string Files(JsonAt at)
    {
        var files = at.FilledText(400);
        if (files.StartsWith('/') || files.Contains('\\', StringComparison.Ordinal) || files.Contains(':', StringComparison.Ordinal))
            throw at.Wrong("expected a path below the source folder, with / between folders");
        if (files.Split('/').Any(part => part is ".." or "." or "")) throw at.Wrong("may not lead out of the source folder");
        if (files.Split('/').SkipLast(1).Any(part => part.Contains('*', StringComparison.Ordinal))) throw at.Wrong("may use * only in the file name");
        if (files.StartsWith("vsi", StringComparison.OrdinalIgnoreCase)) throw at.Wrong("may not name one of GDAL's virtual file systems");
        return files;
    }

    private static string Layer(JsonAt at)
    {
        var layer = at.FilledText(200);
        return layer.StartsWith('-') ? throw at.Wrong("may not begin with a hyphen") : layer;
    }

    private static string Encoding(JsonAt at)
    {
        var name = at.FilledText(40);
        return SourceText.EncodingNamed(name) is not null ? name : throw at.Wrong("is not an encoding, such as UTF-8 or GB18030");
    }

    private static string Crs(JsonAt at)
    {
        var crs = at.FilledText(40);
        return crs.StartsWith("EPSG:", StringComparison.Ordinal) && int.TryParse(crs.AsSpan(5), out var code) && code is > 1023 and < 100_000
            ? crs : throw at.Wrong("expected EPSG:number, such as EPSG:4549");
    }

    private static ChinaDatum Coord(JsonAt at) =>
        ChinaOffset.TryParse(at.FilledText(40), out var datum) ? datum : throw at.Wrong("expected wgs84, cgcs2000, gcj02 or bd09");

    private static GeometryRules Geometry(JsonAt at, TargetTable target)
    {
        if (target.Geometry == GeometryKind.None) throw at.Wrong($"{target.Name} has no geometry");
        at.Object("explode", "minimumSquareMetres", "bufferMetres", "clipTo", "swapAxes", "dissolveBy");
        foreach (var polygonsOnly in new[] { "minimumSquareMetres", "bufferMetres", "dissolveBy" })
        {
            if (at.Has(polygonsOnly) && target.Geometry != GeometryKind.Polygon) throw at.Get(polygonsOnly).Wrong($"{target.Name} are not polygons");
        }
        if (at.Has("clipTo")) at.Get("clipTo").OneOf("city");
        return new GeometryRules(
            at.Has("explode") && at.Get("explode").Flag(),
            at.Has("minimumSquareMetres") ? at.Get("minimumSquareMetres").Number(0, 1e9) : 0,
            at.Has("bufferMetres") ? at.Get("bufferMetres").Number(0.1, 1000) : 0,
            at.Has("clipTo"),
            at.Has("swapAxes") && at.Get("swapAxes").Flag(),
            at.Has("dissolveBy") ? at.Get("dissolveBy").Items(10).Select(item => item.FilledText(200)).ToList() : []);
    }

    private static DistributeStep Distribute(JsonAt at)
    {
        var rule = at.Object("name", "notes", "distribute").Get("distribute").Object("cells", "to", "codes", "uses");
        var to = rule.Get("to").OneOf("buildings", "grids");
        var uses = rule.Has("uses")
            ? rule.Get("uses").Items(9).Select(item => item.OneOf(TargetTable.All.First(table => table.Name == "buildings").Columns.First(column => column.Name == "use").Allowed!)).ToList()
            : ["residential", "mixed"];
        if (to == "grids" && rule.Has("uses")) throw rule.Get("uses").Wrong("is only for buildings");
        return new DistributeStep(at.Path, at.Get("name").FilledText(100), Prefix("cells"), to, Prefix("codes"), uses);

        string Prefix(string name) => rule.Has(name) ? rule.Get(name).FilledText(100) : "";
    }
}
