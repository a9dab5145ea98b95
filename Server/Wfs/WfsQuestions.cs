using System.Globalization;
using GridMap.Geo.Cql2;
using GridMap.Geo.Projections;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.Wfs;

/// <summary>A query of a request as a question to a layer, and how its positions are named.</summary>
public sealed record WfsQuestion(FeatureQuestion Question, WfsCrs Crs);

/// <summary>Checks the queries of GetFeature and GetPropertyValue and makes questions of them.</summary>
public static class WfsQuestions
{
    /// <summary>How many features an answer holds when nobody says, and at most.</summary>
    public const int CountDefault = 10_000, MaxCount = 10_000_000;

    private const int MaxQueries = 20;

    /// <exception cref="WfsFault">A part of a query makes no sense.</exception>
    public static async Task<List<WfsQuestion>> Read(WfsAsked asked, LayerCatalog layers, CollectionCrs crs, bool asGeoJson, CancellationToken cancellation)
    {
        if (asked.Queries.Count == 0) throw WfsFault.Missing("typeNames");
        if (asked.Queries.Count > MaxQueries) throw WfsFault.Invalid("typeNames", $"at most {MaxQueries} queries");
        var types = asked.Queries.Select(query => TypeOf(query, layers)).ToList();
        MustNameTheirTypes(asked.Queries, types, layers);
        var questions = new List<WfsQuestion>();
        foreach (var (query, layer) in asked.Queries.Zip(types))
        {
            questions.Add(Read(query, layer, await crs.Of(layer, cancellation), asGeoJson));
        }
        return questions;
    }

    /// <summary>A whole number that is not negative.</summary>
    public static int? Number(WfsAsked asked, string name)
    {
        if (asked.Get(name) is not { } text) return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (int)Math.Min(number, MaxCount) : throw WfsFault.Invalid(name, "a whole number from 0");
    }

    // A feature of a type that no query names is a wrong id (§7.9.2.4.1); an id that is no feature's at all finds nothing.
    private static void MustNameTheirTypes(IReadOnlyList<WfsQuery> queries, List<Layer> types, LayerCatalog layers)
    {
        var ids = queries.SelectMany(query => (query.ResourceId?.Split(',') ?? []).Concat(query.Filter?.Descendants(WfsNames.Fes + "ResourceId").Select(id => id.Attribute("rid")?.Value ?? "") ?? []));
        if (ids.FirstOrDefault(id => layers.Find(id.Trim().Split('.')[0]) is { } layer && !types.Contains(layer)) is { } other)
            throw WfsFault.Invalid("RESOURCEID", $"ids of {string.Join(", ", types.Distinct().Select(WfsNames.TypeName))} ({other} is of another type)");
    }

    private static Layer TypeOf(WfsQuery query, LayerCatalog layers)
    {
        if (query.TypeName.Contains(',', StringComparison.Ordinal) || query.TypeName.Contains(' ', StringComparison.Ordinal))
            throw new WfsFault(WfsFault.OptionNotSupported, "typeNames", "Joins are not offered. Several queries are written (a)(b).");
        return WfsNames.Find(layers, query.TypeName, "typeNames");
    }

    private static WfsQuestion Read(WfsQuery query, Layer layer, IReadOnlyList<KnownCrs> listed, bool asGeoJson)
    {
        var crs = query.SrsName is { } name ? WfsCrs.Parse(name, "srsName", listed) : asGeoJson ? WfsCrs.LonLat : WfsCrs.Default;
        if (asGeoJson) crs = crs.AsXy;
        var properties = PropertyNames(layer, query.PropertyNames);
        var question = new FeatureQuestion(layer, CountDefault)
        {
            Sort = SortBy(layer, query.SortBy), Shift = crs.Shift, Decimals = crs.Decimals,
            Properties = properties, SkipGeometry = properties is not null && !properties.Contains(WfsNames.Geometry),
        };
        return new WfsQuestion(Select(question, query, listed), crs);
    }

    private static FeatureQuestion Select(FeatureQuestion question, WfsQuery query, IReadOnlyList<KnownCrs> listed)
    {
        var reader = new FilterReader(question.Layer, listed);
        if (query.ResourceId is { } ids) return question with { Ids = [.. ids.Split(',').Select(reader.IdOf).OfType<long>()] };
        if (query.Bbox is { } box) return Within(question, box, listed);
        if (query.Filter is not { } filter) return question;
        try
        {
            return question with { Filter = FilterSql.Translate(reader.Read(filter), question.Layer, AskedCrs.Default) };
        }
        catch (Refused refused)
        {
            throw WfsFault.Of(refused, "filter");
        }
    }

    // Four numbers and, as the fifth part, the name of their CRS; the default CRS without one, axes in its order.
    private static FeatureQuestion Within(FeatureQuestion question, string text, IReadOnlyList<KnownCrs> listed)
    {
        var parts = text.Split(',');
        var crs = parts.Length is 5 or 7 ? WfsCrs.Parse(parts[^1], "bbox", listed) : WfsCrs.Default;
        if (parts.Length is not (4 or 5)) throw WfsFault.Invalid("bbox", "four numbers, and a CRS");
        var numbers = new double[4];
        for (var i = 0; i < 4; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !double.IsFinite(numbers[i])) throw WfsFault.Invalid("bbox", "four numbers, and a CRS");
        }
        var box = crs.Box(numbers[0], numbers[1], numbers[2], numbers[3], "bbox");
        if (box.IsRectangle)
        {
            var sides = box.EnvelopeInternal;
            return question with { Box = new Bbox(sides.MinX, sides.MinY, sides.MaxX, sides.MaxY) };
        }
        return question with { Filter = FilterSql.Translate(new Call("s_intersects", [new Property(FilterSql.GeometryName), new GeometryLiteral(box)]), question.Layer, AskedCrs.Default, "bbox") };
    }

    private static HashSet<string>? PropertyNames(Layer layer, string? names)
    {
        if (names is null || names.Trim() is "" or "*") return null;
        var asked = names.Split(',').Select(WfsNames.Local).ToHashSet();
        var unknown = asked.FirstOrDefault(name => name != WfsNames.Geometry && layer.Columns.All(column => column.Name != name));
        return unknown is null ? asked : throw WfsFault.Invalid("propertyName", $"properties of {layer.Name} ({unknown} is none)");
    }

    private static List<SortBy> SortBy(Layer layer, string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return [];
        var sorts = text.Split(',').Select(part =>
        {
            var words = part.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var column = words.Length is 1 or 2 ? layer.Columns.FirstOrDefault(column => column.Name == WfsNames.Local(words[0])) : null;
            var descending = words.Length < 2 ? false : words[1].ToUpperInvariant() switch { "A" or "ASC" => false, "D" or "DESC" => true, _ => (bool?)null };
            return column is not null && descending is { } down ? new SortBy(column, down) : throw WfsFault.Invalid("sortBy", $"properties of {layer.Name}, each with ASC or DESC");
        }).ToList();
        return sorts.Count <= 10 ? sorts : throw WfsFault.Invalid("sortBy", "at most 10 properties");
    }
}
