using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;
using GridMap.Geo.Cql2;
using GridMap.Geo.GeoJson;
using GridMap.Geo.Projections;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using Microsoft.OpenApi;

namespace GridMap.Server.OgcApi;

/// <summary>What one request asks of a collection's items: the features, and how their positions are written.</summary>
public sealed record ItemsQuestion(FeatureQuestion Features, AskedCrs Crs)
{
    public const int MaxLimit = 10_000, DefaultLimit = 10, MaxOffset = 10_000_000;

    private const int DegreeDecimals = GeoJsonWriter.DefaultDecimals, MetreDecimals = 3;

    public static readonly Parameter<int?> Limit = LimitOf(MaxLimit, DefaultLimit);

    public static readonly Parameter<int?> Offset = Parameters.Integer("offset", 0, MaxOffset, "How many features to pass over; next links use 'after', which is faster and steadier.");

    public static readonly Parameter<string?> After = Parameters.TextOf("after", 8_000, "Where the page before ended: taken from a next link.");

    public static readonly Parameter<double[]?> Box = new("bbox", "Four numbers (or six with heights), lower corner then upper corner, in bbox-crs; in degrees west > east crosses the antimeridian.",
        new OpenApiSchema { Type = JsonSchemaType.Array, MinItems = 4, MaxItems = 6, Items = new OpenApiSchema { Type = JsonSchemaType.Number } }, ReadBox);

    public static readonly Parameter<string?> BoxCrs = CrsParameter("bbox-crs", "The CRS of bbox: one of the collection's; CRS84 when absent.");

    public static readonly Parameter<string?> Crs84OrOther = CrsParameter("crs", "The CRS of the answer: one of the collection's; CRS84 when absent.");

    public static readonly Parameter<string?> Filter = new("filter", "A CQL2 expression over the queryables.",
        new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = Cql2Limits.MaxLength }, text => text);

    public static readonly Parameter<string?> FilterLanguage = new("filter-lang", "The language of filter.",
        new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["cql2-text", "cql2-json"], Default = "cql2-text" },
        text => text is "cql2-text" or "cql2-json" ? text : Reading<string?>.Wrong("choice.unknown", "cql2-text or cql2-json"));

    public static readonly Parameter<string?> FilterCrs = CrsParameter("filter-crs", "The CRS of the geometries in filter: one of the collection's; CRS84 when absent.");

    public static readonly Parameter<string?> SortBy = new("sortby", "Sortables in order of importance, separated by commas; '-' before one turns its order. Without: by id.",
        new OpenApiSchema { Type = JsonSchemaType.Array, MinItems = 1, Items = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "[+|-]?[A-Za-z_].*" } }, text => text);

    public static readonly Parameter<string?> PropertyNames = new("properties", "The properties to answer with, separated by commas; all when absent. The id comes with every feature, and so does the geometry (see skipGeometry).",
        new OpenApiSchema { Type = JsonSchemaType.Array, MinItems = 1, Items = new OpenApiSchema { Type = JsonSchemaType.String } }, text => text);

    public static readonly Parameter<bool?> SkipGeometry = new("skipGeometry", "true: answer without geometries.",
        new OpenApiSchema { Type = JsonSchemaType.Boolean, Default = false },
        text => text switch { "true" => true, "false" => false, _ => Reading<bool?>.Wrong("flag.unreadable", "true or false") });

    private static readonly Parameter[] Fixed =
    [
        Box, BoxCrs, Crs84OrOther, TimeSpanAsked.Parameter, Limit, Offset, After, Filter, FilterLanguage, FilterCrs, SortBy, PropertyNames, SkipGeometry, Parameters.Coord, .. Formats.OfPages,
    ];

    private static readonly ConcurrentDictionary<string, IReadOnlyList<Parameter>> Known = [];

    /// <summary>The parameters that one collection's items take: the standard's, then a filter for each queryable.</summary>
    public static IReadOnlyList<Parameter> ParametersOf(Layer layer) => Known.GetOrAdd(layer.Name, _ => [.. Fixed, .. Queryables.Scalars(layer).Select(Queryables.Parameter)]);

    /// <exception cref="Refused">Something asked for does not exist or makes no sense.</exception>
    public static async Task<ItemsQuestion> Read(Layer layer, Question ask, CollectionCrs crs, CancellationToken cancellation)
    {
        var datum = Datum.Of(ask);
        var answer = await crs.Asked(layer, ask, Crs84OrOther, datum, cancellation);
        var sort = Sorting.Read(layer, ask.Get(SortBy));
        var question = new FeatureQuestion(layer, ask.Get(Limit)!.Value)
        {
            Time = ask.Get(TimeSpanAsked.Parameter), Sort = sort, Offset = ask.Get(Offset) ?? 0,
            After = ask.Get(After) is { } after ? Sorting.ReadKey(after, sort) : null,
            Properties = Chosen(layer, ask.Get(PropertyNames)), SkipGeometry = ask.Get(SkipGeometry) == true,
        };
        question = Written(Queryables.Equal(question, ask), answer);
        var filters = new List<Sql>();
        // What is not offered is refused also where it is not used.
        foreach (var named in new[] { BoxCrs, FilterCrs }) await crs.Asked(layer, ask, named, datum, cancellation);
        if (ask.Get(Filter) is { } text)
        {
            var read = ask.Get(FilterLanguage) == "cql2-json" ? Cql2Json.Read(text) : Cql2Text.Read(text);
            if (!read.IsRead) throw Refused.Field("filter", read.Reason, read.Detail);
            filters.Add(FilterSql.Translate(read.Expression, layer, await crs.Asked(layer, ask, FilterCrs, datum, cancellation)));
        }
        if (ask.Get(Box) is { } box) question = Within(question, box, await crs.Asked(layer, ask, BoxCrs, datum, cancellation), filters);
        return new ItemsQuestion(question with { Filter = filters.Count == 0 ? null : Sql.And(filters) }, answer);
    }

    /// <summary>The question with positions written in a CRS: degrees to 1e-7, metres to the millimetre.</summary>
    public static FeatureQuestion Written(FeatureQuestion question, AskedCrs crs) => crs.IsDefault ? question : question with
    {
        Shift = crs.FromLonLat,
        Decimals = crs.Crs.Kind == CrsKind.Geographic ? DegreeDecimals : MetreDecimals,
    };

    // A box in degrees, or in Web Mercator, is a box as it is kept; any other is a polygon on the map.
    private static FeatureQuestion Within(FeatureQuestion question, double[] box, AskedCrs crs, List<Sql> filters)
    {
        var isGeographic = crs.Crs.Kind == CrsKind.Geographic && crs.Datum == default;
        if (isGeographic)
        {
            var (west, south) = crs.Crs.NorthFirst ? (box[1], box[0]) : (box[0], box[1]);
            var (east, north) = crs.Crs.NorthFirst ? (box[3], box[2]) : (box[2], box[3]);
            if (south > north) throw Refused.Field("bbox", "bbox.south-above-north", "south ≤ north");
            if (Math.Abs(west) > 180 || Math.Abs(east) > 180 || Math.Abs(south) > 90 || Math.Abs(north) > 90)
                throw Refused.Field("bbox", "bbox.out-of-range", "longitudes from -180 to 180 and latitudes from -90 to 90, in the order of bbox-crs");
            return question with { Box = new Bbox(west, south, east, north) };
        }
        var area = crs.BoxToLonLat(box[0], box[1], box[2], box[3])
            ?? throw Refused.Field("bbox", "bbox.out-of-range", $"a lower and an upper corner within {crs.Crs}");
        if (crs.Crs.Kind != CrsKind.WebMercator)
        {
            filters.Add(Sql.Of($"ST_Intersects(t.geom, ST_GeomFromWKB({Wkb.Write(area)}, 4326))"));
            return question;
        }
        var whole = area.EnvelopeInternal;
        return question with { Box = new Bbox(whole.MinX, whole.MinY, whole.MaxX, whole.MaxY) };
    }

    /// <summary>A limit as the standards have it: more than the most is the most, and no error.</summary>
    public static Parameter<int?> LimitOf(int most, int usual) => new Parameter<int?>("limit", $"At most how many: 1 or more; above {most} it means {most}.",
        new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = most.ToString(CultureInfo.InvariantCulture), Default = usual },
        text => text.Length <= 100 && BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit >= 1
            ? (int)BigInteger.Min(limit, most) : Reading<int?>.Wrong("limit.unreadable", "a whole number from 1")).Or(usual);

    private static HashSet<string>? Chosen(Layer layer, string? names)
    {
        if (names is null) return null;
        var chosen = names.Split(',').Select(name => name.Trim()).ToHashSet();
        // The schema lists these as properties, and every feature has them in members of its own.
        chosen.ExceptWith([FilterSql.IdName, FilterSql.GeometryName]);
        var unknown = chosen.FirstOrDefault(name => layer.Columns.All(column => column.Name != name));
        return unknown is null ? chosen : throw Refused.Field("properties", "property.unknown",
            $"names of properties: {string.Join(", ", layer.Columns.Select(column => column.Name))} ('{unknown}' is none)");
    }

    private static Parameter<string?> CrsParameter(string name, string description) =>
        new(name, description, new OpenApiSchema { Type = JsonSchemaType.String, Format = "uri" }, text => text);

    private static Reading<double[]?> ReadBox(string text)
    {
        var wrong = Reading<double[]?>.Wrong("bbox.not-four-numbers", "four numbers (or six with heights): the lower corner, then the upper corner");
        var parts = text.Split(',');
        if (parts.Length is not (4 or 6)) return wrong;
        var numbers = new double[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !double.IsFinite(numbers[i])) return wrong;
        }
        return parts.Length == 4 ? numbers : (double[])[numbers[0], numbers[1], numbers[3], numbers[4]];
    }
}
