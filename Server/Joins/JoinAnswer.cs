using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using GridMap.Server.Http;

namespace GridMap.Server.Joins;

/// <summary>Streams the answer: batches of rows are joined and written, so that memory does not grow with the file.</summary>
public sealed class JoinAnswer(HttpContext http, JoinPlaces places, Datum datum, bool withPeople, CancellationToken cancellation)
{
    private const int MostErrorsListed = 1000;

    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64 };

    private readonly string[] _names = places.Names(withPeople);
    private readonly List<(int Row, string Code)> _errors = [];
    private int _rows, _joined, _outside, _wrong;

    private PipeWriter Output => http.Response.BodyWriter;

    public async Task Csv(CsvJoin csv, string encoding)
    {
        Begin($"text/csv; charset={encoding}", "joined.csv");
        if (encoding == "utf-8") await Output.WriteAsync(Encoding.UTF8.Preamble.ToArray(), cancellation);
        Output.Write(csv.Line([.. csv.Header, .. _names]));
        await foreach (var batch in Batches(csv.Rows(), row => row.Fields.Sum(field => field.Length), row => row.Place))
        {
            foreach (var (row, joined) in batch)
            {
                var fields = row.Fields.Concat(Enumerable.Repeat("", csv.Header.Length)).Take(csv.Header.Length);
                var note = Whole(Note(row.Error), csv.Surplus(row.Fields));
                Output.Write(csv.Line([.. fields, .. Added(joined), note]));
            }
            await Output.FlushAsync(cancellation);
        }
        await Output.FlushAsync(cancellation);
    }

    public Task CsvAsGeoJson(CsvJoin csv) => CsvAsGeoJson(csv, csv.PropertyNames());

    private Task CsvAsGeoJson(CsvJoin csv, string[] names) => Collection(csv.Rows(), row => row.Fields.Sum(field => field.Length), row => row.Place, row => row.Error, (json, row, joined, note) =>
    {
        json.WriteStartObject();
        json.WriteString("type", "Feature");
        json.WritePropertyName("geometry");
        if (row.Place is { } place) json.WriteRawValue(FormattableString.Invariant($"{{\"type\":\"Point\",\"coordinates\":[{place.Lon:R},{place.Lat:R}]}}"));
        else json.WriteNullValue();
        json.WriteStartObject("properties");
        foreach (var (name, value) in names.Zip(row.Fields)) json.WriteString(name, value);
        Write(json, joined, Whole(note, csv.Surplus(row.Fields)));
        json.WriteEndObject();
        json.WriteEndObject();
    });

    // A row of too many fields: those that no column holds stand behind the reason, so that nothing of the file is lost.
    private static string? Whole(string? note, string? surplus) => surplus is null ? note : $"{note}: {surplus}";

    public async Task Features(JoinUpload upload)
    {
        // Once to the end before an answer begins, for what is wrong with the whole.
        await foreach (var (bytes, row) in Counted(upload)) Check(bytes, row);
        if (upload.Kind == JoinKind.GeoJson)
        {
            await Collection(Parsed(upload), row => row.Bytes.Length, row => row.Place, row => row.Error, Write);
            return;
        }
        Begin("application/x-ndjson", "joined.ndjson");
        await foreach (var batch in Batches(Parsed(upload), row => row.Bytes.Length, row => row.Place))
        {
            foreach (var (row, joined) in batch)
            {
                using (var json = new Utf8JsonWriter(Output, Json)) Write(json, row, joined, Note(row.Error));
                Output.Write("\n"u8);
            }
            await Output.FlushAsync(cancellation);
        }

        void Write(Utf8JsonWriter json, (byte[] Bytes, (double Lon, double Lat)? Place, string? Error) row, Joined? joined, string? note)
        {
            using var document = JsonDocument.Parse(row.Bytes, Strict);
            json.WriteStartObject();
            foreach (var member in document.RootElement.EnumerateObject().Where(member => member.Name != "properties")) member.WriteTo(json);
            json.WriteStartObject("properties");
            if (document.RootElement.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
            {
                foreach (var member in properties.EnumerateObject()) member.WriteTo(json);
            }
            this.Write(json, joined, note);
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    private async Task Collection<T>(IAsyncEnumerable<T> rows, Func<T, int> size, Func<T, (double Lon, double Lat)?> place, Func<T, string?> error, Action<Utf8JsonWriter, T, Joined?, string?> write)
    {
        Begin("application/geo+json", "joined.geojson");
        Output.Write("{\"type\":\"FeatureCollection\",\"features\":[\n"u8);
        var first = true;
        await foreach (var batch in Batches(rows, size, place))
        {
            foreach (var (row, joined) in batch)
            {
                if (!first) Output.Write(",\n"u8);
                first = false;
                using var json = new Utf8JsonWriter(Output, Json);
                write(json, row, joined, Note(error(row)));
            }
            await Output.FlushAsync(cancellation);
        }
        Output.Write("],"u8);
        var end = JsonSerializer.Serialize(new
        {
            coord = datum.Name, rows = _rows, joined = _joined, outside = _outside, wrong = _wrong, errors = _errors.Select(each => new { row = each.Row, code = each.Code }),
        });
        Encoding.UTF8.GetBytes(end.AsSpan(1), Output);
        await Output.FlushAsync(cancellation);
    }

    private async IAsyncEnumerable<(byte[] Bytes, (double Lon, double Lat)? Place, string? Error)> Parsed(JoinUpload upload)
    {
        await foreach (var (bytes, _) in Counted(upload))
        {
            if (WholeText.Mended(bytes.Span) is { } mended)
            {
                yield return (mended, null, "text.half-character");
                continue;
            }
            using var document = JsonDocument.Parse(bytes, Strict);
            var (place, error) = JsonFeatures.PlaceOf(document.RootElement);
            yield return (bytes.ToArray(), place, error);
        }
    }

    private async IAsyncEnumerable<(ReadOnlyMemory<byte> Bytes, int Row)> Counted(JoinUpload upload)
    {
        await using var stream = upload.Open();
        var rows = 0;
        await foreach (var bytes in JsonFeatures.Read(stream, upload.Kind))
        {
            if (++rows > JoinParameters.MostRows) throw new Refused(Problems.TooLarge, $"A file to join has at most {JoinParameters.MostRows:N0} features.");
            if (rows % 1000 == 0) cancellation.ThrowIfCancellationRequested();
            yield return (bytes, rows);
        }
    }

    private void Check(ReadOnlyMemory<byte> bytes, int row)
    {
        try
        {
            using var document = JsonDocument.Parse(WholeText.Mended(bytes.Span) ?? bytes, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw Refused.Field("body", "body.not-json", $"objects in features (row {row})");
            if (!document.RootElement.TryGetProperty("properties", out var properties) || properties.ValueKind == JsonValueKind.Null) return;
            if (properties.ValueKind != JsonValueKind.Object) throw Refused.Field("body", "body.not-json", $"properties that are an object or null (row {row})");
            foreach (var member in properties.EnumerateObject())
            {
                if (_names.Contains(member.Name)) throw Refused.Field("body", "column.in-the-way", $"no property named {member.Name}: it is added (row {row})");
            }
        }
        catch (JsonException exception)
        {
            throw Refused.Field("body", "body.not-json", $"well-formed GeoJSON features (row {row}: {exception.Message})");
        }
    }

    private async IAsyncEnumerable<IEnumerable<(T Row, Joined? Joined)>> Batches<T>(IAsyncEnumerable<T> rows, Func<T, int> size, Func<T, (double Lon, double Lat)?> place)
    {
        var (batch, bytes) = (new List<T>(), 0L);
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            batch.Add(row);
            bytes += size(row);
            if (batch.Count < JoinParameters.BatchRows && bytes < JoinParameters.BatchBytes) continue;
            yield return await Find(batch, place);
            (batch, bytes) = ([], 0);
        }
        if (batch.Count > 0) yield return await Find(batch, place);
    }

    private async Task<IEnumerable<(T Row, Joined? Joined)>> Find<T>(List<T> batch, Func<T, (double Lon, double Lat)?> place)
    {
        var stored = batch.Select(place).OfType<(double Lon, double Lat)>().Select(at => datum.ToStored(at.Lon, at.Lat)).ToList();
        var found = await places.Find(stored, cancellation);
        var next = 0;
        return batch.Select(row => (row, place(row) is null ? null : found[next++])).ToList();
    }

    private IEnumerable<string?> Added(Joined? joined)
    {
        _rows++;
        if (joined is not null && (joined.AreaId is not null || joined.Grids.Any(grid => grid is not null))) _joined++;
        else if (joined is not null) _outside++;
        return places.Values(joined ?? Joined.Nothing(places.Nets.Length), withPeople);
    }

    private void Write(Utf8JsonWriter json, Joined? joined, string? note)
    {
        foreach (var (name, value) in _names.Zip(Added(joined).Append(note))) json.WriteString(name, value);
    }

    private string? Note(string? error)
    {
        if (error is null) return null;
        _wrong++;
        if (_errors.Count < MostErrorsListed) _errors.Add((_rows + 1, error));
        return error;
    }

    private void Begin(string type, string name)
    {
        http.Response.ContentType = type;
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        http.Response.Headers.CacheControl = "no-store";
    }
}
