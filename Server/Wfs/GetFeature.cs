using System.Globalization;
using System.Text;
using System.Text.Json;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.Wfs;

/// <summary>GetFeature and GetPropertyValue: what is asked, counted and streamed.</summary>
public sealed class GetFeature(FeatureAnswers answers, LayerCatalog layers, CollectionCrs crs)
{
    private static readonly string Namespaces = $" xmlns:wfs=\"{WfsNames.Wfs}\" xmlns:gml=\"{WfsNames.Gml}\" xmlns:{WfsNames.Prefix}=\"{WfsNames.App}\" xmlns:xsi=\"{WfsNames.Xsi}\" xmlns:xlink=\"{WfsNames.Xlink}\"";

    public async Task Features(HttpContext http, WfsAsked asked, string version, CancellationToken cancellation)
    {
        var asGeoJson = IsGeoJson(asked);
        if (asked.Get("storedquery_id") is { } stored)
        {
            await ById(http, asked, stored, asGeoJson, version, cancellation);
            return;
        }
        var questions = await WfsQuestions.Read(asked, layers, crs, asGeoJson, cancellation);
        var (count, start) = (WfsQuestions.Number(asked, "count") ?? WfsQuestions.CountDefault, WfsQuestions.Number(asked, "startIndex") ?? 0);
        await using var snapshot = await answers.Open(questions, IsHits(asked) ? 0 : count, start, cancellation);
        if (asGeoJson) await AsGeoJson(http, snapshot, cancellation);
        else await AsGml(http, asked, version, snapshot, count, start, cancellation);
    }

    public async Task Values(HttpContext http, WfsAsked asked, string version, CancellationToken cancellation)
    {
        if (asked.Get("outputFormat") is not null && IsGeoJson(asked)) throw WfsFault.Invalid("outputFormat", WfsNames.Gml32);
        // One that is there and empty is a wrong one (§10.2.4.3).
        if (!asked.Values.TryGetValue("valuereference", out var reference)) throw WfsFault.Missing("valueReference");
        if (asked.Get("storedquery_id") is { } stored) asked = asked with { Queries = [Stored(asked, stored)] };
        if (asked.Queries.Count != 1) throw WfsFault.Invalid("typeNames", "one type");
        if (string.IsNullOrWhiteSpace(reference)) throw WfsFault.Invalid("valueReference", "the name of a property of the type");
        var (name, isId) = (WfsNames.Local(reference), reference.Trim().EndsWith("@gml:id", StringComparison.Ordinal));
        WfsQuestion query;
        try
        {
            query = (await WfsQuestions.Read(asked with { Queries = [asked.Queries[0] with { PropertyNames = isId ? WfsNames.Geometry : name }] }, layers, crs, asGeoJson: false, cancellation))[0];
        }
        catch (WfsFault fault) when (fault.Locator == "propertyName")
        {
            throw WfsFault.Invalid("valueReference", "the name of a property of the type");
        }
        var column = query.Question.Layer.Columns.FirstOrDefault(column => column.Name == name);
        // A value that is not there is none: it is neither sent nor counted.
        if (column is not null) query = query with { Question = query.Question with { Filter = HasValue(query.Question.Filter, column) } };
        if (isId) query = query with { Question = query.Question with { SkipGeometry = true } };
        var (count, start) = (WfsQuestions.Number(asked, "count") ?? WfsQuestions.CountDefault, WfsQuestions.Number(asked, "startIndex") ?? 0);
        await using var snapshot = await answers.Open([query], IsHits(asked) ? 0 : count, start, cancellation);
        var part = snapshot.Parts[0];
        http.Response.ContentType = WfsNames.Gml32;
        using var writer = new GmlFeatureWriter(http.Response.BodyWriter, part.Page, query.Crs);
        writer.Text($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<wfs:ValueCollection{Namespaces}{Numbers(http, asked, snapshot, count, start)}>");
        await FeatureAnswers.Stream(snapshot, part, http.Response.BodyWriter, (row, _) =>
        {
            writer.Text("<wfs:member>");
            if (isId) writer.Text(WfsNames.FeatureId(part.Page.Layer, row.GetInt64(0)));
            else writer.Value(row, name);
            writer.Text("</wfs:member>\n");
        }, cancellation);
        writer.Text("</wfs:ValueCollection>");
        await http.Response.BodyWriter.FlushAsync(cancellation);
    }

    private async Task ById(HttpContext http, WfsAsked asked, string stored, bool asGeoJson, string version, CancellationToken cancellation)
    {
        var query = Stored(asked, stored);
        var questions = await WfsQuestions.Read(asked with { Queries = [query] }, layers, crs, asGeoJson, cancellation);
        await using var snapshot = await answers.Open(questions, 1, 0, cancellation);
        if (snapshot.Returned == 0) throw Missing(query.ResourceId!);
        if (asGeoJson)
        {
            http.Response.ContentType = WfsNames.GeoJson;
            using var json = new FeatureWriter(http.Response.BodyWriter, snapshot.Parts[0].Page);
            await FeatureAnswers.Stream(snapshot, snapshot.Parts[0], http.Response.BodyWriter, (row, _) => json.Write(row), cancellation);
        }
        else
        {
            // The feature itself is the answer, not a collection (OGC 09-025r2 §7.9.3.6).
            http.Response.ContentType = WfsNames.Gml32;
            using var gml = new GmlFeatureWriter(http.Response.BodyWriter, snapshot.Parts[0].Page, questions[0].Crs);
            gml.Text("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
            await FeatureAnswers.Stream(snapshot, snapshot.Parts[0], http.Response.BodyWriter, (row, _) => gml.Feature(row, Namespaces + Schema(http, version, [questions[0].Question.Layer])), cancellation);
        }
        await http.Response.BodyWriter.FlushAsync(cancellation);
    }

    // The one stored query as the query that it stands for.
    private WfsQuery Stored(WfsAsked asked, string stored)
    {
        if (!WfsNames.GetFeatureById.Contains(stored)) throw WfsFault.Invalid("storedQuery_Id", WfsNames.GetFeatureById[0]);
        var id = asked.Get("id") ?? throw WfsFault.Missing("id");
        return layers.Find(id.Split('.')[0]) is { } layer && new FilterReader(layer, []).IdOf(id) is not null ? new WfsQuery(layer.Name) { ResourceId = id, SrsName = asked.Get("srsName") } : throw Missing(id);
    }

    private static WfsFault Missing(string id) => new(WfsFault.NotFound, "id", $"There is no feature {id}.");

    private static async Task AsGml(HttpContext http, WfsAsked asked, string version, FeatureSnapshot snapshot, int count, int start, CancellationToken cancellation)
    {
        http.Response.ContentType = WfsNames.Gml32;
        var output = http.Response.BodyWriter;
        var types = snapshot.Parts.Select(part => part.Page.Layer).Distinct();
        Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<wfs:FeatureCollection{Namespaces}{Schema(http, version, types)}{Numbers(http, asked, snapshot, count, start)}>\n", output);
        // A feature that several queries select stands in the first of their collections.
        var seen = snapshot.Parts.GroupBy(part => part.Page.Layer).Any(of => of.Count() > 1) ? new HashSet<(string, long)>() : null;
        foreach (var part in snapshot.Parts)
        {
            using var writer = new GmlFeatureWriter(output, part.Page, part.Asked.Crs);
            // Several queries are several collections, each with its own numbers (§11.3.3.5).
            if (snapshot.Parts.Count > 1)
                writer.Text(string.Create(CultureInfo.InvariantCulture, $"<wfs:member><wfs:FeatureCollection timeStamp=\"{Now}\" numberMatched=\"{part.Matched}\" numberReturned=\"{part.Returned}\">\n"));
            await FeatureAnswers.Stream(snapshot, part, output, (row, _) => writer.Member(row, seen), cancellation);
            if (snapshot.Parts.Count > 1) writer.Text("</wfs:FeatureCollection></wfs:member>\n");
        }
        Encoding.UTF8.GetBytes("</wfs:FeatureCollection>", output);
        await output.FlushAsync(cancellation);
    }

    private static async Task AsGeoJson(HttpContext http, FeatureSnapshot snapshot, CancellationToken cancellation)
    {
        http.Response.ContentType = WfsNames.GeoJson;
        var output = http.Response.BodyWriter;
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"{{\"type\":\"FeatureCollection\",\"numberMatched\":{snapshot.Matched},\"numberReturned\":{snapshot.Returned},\"timeStamp\":\"{Now}\",\"features\":["), output);
        var first = true;
        foreach (var part in snapshot.Parts)
        {
            using var writer = new FeatureWriter(output, part.Page);
            await FeatureAnswers.Stream(snapshot, part, output, (row, _) =>
            {
                if (!first) writer.Raw(",\n");
                first = false;
                writer.Write(row);
            }, cancellation);
        }
        Encoding.UTF8.GetBytes("]}", output);
        await output.FlushAsync(cancellation);
    }

    private static bool IsGeoJson(WfsAsked asked)
    {
        if (asked.Get("outputFormat") is not { } format) return false;
        // A plus sign that was not encoded arrives as a space.
        var plain = format.Replace("gml xml", "gml+xml", StringComparison.Ordinal).Replace("geo json", "geo+json", StringComparison.Ordinal);
        if (WfsNames.GeoJsonFormats.Contains(plain, StringComparer.OrdinalIgnoreCase)) return true;
        return WfsNames.GmlFormats.Any(known => known.Replace(" ", "", StringComparison.Ordinal).Equals(plain.Replace(" ", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase))
            ? false : throw WfsFault.Invalid("outputFormat", $"{WfsNames.Gml32} or {WfsNames.GeoJson}");
    }

    private static bool IsHits(WfsAsked asked) => asked.Get("resultType")?.ToLowerInvariant() switch
    {
        null or "results" => false,
        "hits" => true,
        _ => throw WfsFault.Invalid("resultType", "results or hits"),
    };

    private static Sql HasValue(Sql? filter, LayerColumn column)
    {
        var name = Sql.Trusted(column.Sql);
        var has = column.Kind == ColumnKind.Time ? Sql.Of($"isfinite({name})") : Sql.Of($"{name} IS NOT NULL");
        return filter is null ? has : Sql.And([filter, has]);
    }

    private static string Now => DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string Schema(HttpContext http, string version, IEnumerable<Layer> types)
    {
        var describe = $"{PublicAddress.Of(http)}/wfs?service=WFS&version={version}&request=DescribeFeatureType&typeNames={string.Join(',', types.Select(WfsNames.TypeName))}";
        return $" xsi:schemaLocation=\"{WfsNames.App} {FeatureAnswers.Escape(describe)} {WfsNames.Wfs} http://schemas.opengis.net/wfs/2.0/wfs.xsd {WfsNames.Gml} http://schemas.opengis.net/gml/3.2.1/gml.xsd\"";
    }

    private static string Numbers(HttpContext http, WfsAsked asked, FeatureSnapshot snapshot, int count, int start)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $" timeStamp=\"{Now}\" numberMatched=\"{snapshot.Matched}\" numberReturned=\"{snapshot.Returned}\"");
        if (count == 0) return text;
        // Of hits alone nothing is sent: next is the first page of what was counted (§7.7.4.4.1).
        if (IsHits(asked)) return start < snapshot.Matched && WfsPaging.Link(http, asked, count, start) is { } first ? text + $" next=\"{FeatureAnswers.Escape(first)}\"" : text;
        if (start + snapshot.Returned < snapshot.Matched && WfsPaging.Link(http, asked, count, start + count) is { } next) text += $" next=\"{FeatureAnswers.Escape(next)}\"";
        if (start > 0 && WfsPaging.Link(http, asked, Math.Min(count, start), Math.Max(0, start - count)) is { } previous) text += $" previous=\"{FeatureAnswers.Escape(previous)}\"";
        return text;
    }
}
