using System.Globalization;
using System.Text;
using GridMap.Server.Http;

namespace GridMap.Server.Joins;

/// <summary>
/// Joins a CSV (RFC 4180; separated by commas, semicolons or tabs, as the header is, or as a line <c>sep=</c> before it says): every row comes back with columns
/// added behind its own.
/// </summary>
public sealed class CsvJoin
{
    private static readonly string[] LonNames = ["lon", "lng", "longitude", "x", "经度"], LatNames = ["lat", "latitude", "y", "纬度"];

    private readonly JoinUpload _upload;
    private readonly Encoding _encoding;
    private readonly string _firstLine;

    private CsvJoin(JoinUpload upload, Encoding encoding, string firstLine, string[] header, int lon, int lat) =>
        (_upload, _encoding, _firstLine, Header, LonAt, LatAt) = (upload, encoding, firstLine, header, lon, lat);

    private char Separator => SeparatorOf(_firstLine);

    public string[] Header { get; }

    public int LonAt { get; }

    public int LatAt { get; }

    static CsvJoin() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Reads it once to its end: what is wrong with it as a whole is said before an answer begins.</summary>
    /// <exception cref="Refused">It is not in the encoding, has no such columns, too many rows or too long ones.</exception>
    public static async Task<CsvJoin> Check(JoinUpload upload, Question ask, string written, string[] added, CancellationToken cancellation)
    {
        var encoding = Encoding.GetEncoding(written, EncoderFallback.ReplacementFallback, DecoderFallback.ExceptionFallback);
        try
        {
            using var text = new StreamReader(upload.Open(), encoding);
            var firstLine = await FirstLine(upload, encoding);
            var reader = await Reader(text, firstLine);
            if (await reader.Read() is not { } header) throw Refused.Field("body", "body.empty", "a CSV with a header");
            if (Twice(header) is { } twice) throw Refused.Field("body", "column.twice", $"columns of different names: two are named {twice}");
            var (lon, lat) = (Column(header, ask.Get(JoinParameters.Lon), LonNames, "lon"), Column(header, ask.Get(JoinParameters.Lat), LatNames, "lat"));
            if (header.FirstOrDefault(name => added.Contains(name)) is { } taken) throw Refused.Field("body", "column.in-the-way", $"no column named {taken}: it is added");
            var rows = 0;
            while (await reader.Read() is not null)
            {
                if (++rows > JoinParameters.MostRows) throw new Refused(Problems.TooLarge, $"A file to join has at most {JoinParameters.MostRows:N0} rows.");
                if (rows % 1000 == 0) cancellation.ThrowIfCancellationRequested();
            }
            return new CsvJoin(upload, encoding, firstLine, header, lon, lat);
        }
        catch (DecoderFallbackException)
        {
            throw Refused.Field("encoding", "text.encoding", $"a file written in {written}");
        }
        catch (InvalidDataException exception)
        {
            throw Refused.Field("body", "csv.unreadable", $"a CSV without {exception.Message}");
        }
    }

    /// <summary>Rows with what was wrong with their place; the place where nothing was.</summary>
    public async IAsyncEnumerable<(string[] Fields, (double Lon, double Lat)? Place, string? Error)> Rows()
    {
        using var text = new StreamReader(_upload.Open(), _encoding);
        var reader = await Reader(text, _firstLine);
        await reader.Read();
        while (await reader.Read() is { } fields)
        {
            if (fields.Length != Header.Length) yield return (fields, null, $"row.columns: {fields.Length} in place of {Header.Length}");
            else if (string.IsNullOrWhiteSpace(fields[LonAt]) || string.IsNullOrWhiteSpace(fields[LatAt])) yield return (fields, null, "place.missing");
            else if (Number(fields[LonAt]) is not { } lon || Number(fields[LatAt]) is not { } lat) yield return (fields, null, "place.unreadable");
            else if (lon is < -180 or > 180 || lat is < -90 or > 90) yield return (fields, null, "place.out-of-range");
            else yield return (fields, (lon, lat), null);
        }
    }

    /// <summary>The fields of a row beyond its header's, as they were separated; null when there are none.</summary>
    public string? Surplus(string[] fields) => fields.Length > Header.Length ? string.Join(Separator, fields.Skip(Header.Length)) : null;

    /// <summary>The header as names of properties, of which no two may be alike: the second column without a name is <c>_2</c>.</summary>
    public string[] PropertyNames()
    {
        var (names, taken, last) = (new string[Header.Length], Header.ToHashSet(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
        foreach (var (i, name) in Header.Index())
        {
            if (last.TryAdd(name, 1))
            {
                names[i] = name;
                continue;
            }
            do names[i] = $"{name}_{++last[name]}";
            while (taken.Contains(names[i]));
        }
        return names;
    }

    public byte[] Line(IEnumerable<string?> fields)
    {
        var (text, separator) = (new StringBuilder(), Separator);
        foreach (var field in fields)
        {
            var mustBeQuoted = field is not null && (field.AsSpan().IndexOfAny('"', '\r', '\n') >= 0 || field.Contains(separator));
            text.Append(mustBeQuoted ? $"\"{field!.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field).Append(separator);
        }
        text.Length--;
        return _encoding.GetBytes(text.Append("\r\n").ToString());
    }

    // The line that says the separator is no row; it does not come back, because programs other than Excel take it for the header.
    private static async Task<CsvReader> Reader(StreamReader text, string firstLine)
    {
        var reader = new CsvReader(text, SeparatorOf(firstLine), JoinParameters.MostRowBytes);
        if (CsvReader.SaidSeparator(firstLine) is not null) await reader.Read();
        return reader;
    }

    private static char SeparatorOf(string firstLine) => CsvReader.SaidSeparator(firstLine) ?? CsvReader.SeparatorOf(firstLine);

    private static async Task<string> FirstLine(JoinUpload upload, Encoding encoding)
    {
        using var text = new StreamReader(upload.Open(), encoding);
        var buffer = new char[4096];
        return new string(buffer, 0, await text.ReadBlockAsync(buffer)).Split('\n', '\r')[0];
    }

    private static int Column(string[] header, string? asked, string[] usual, string field)
    {
        var at = asked is not null ? Array.FindIndex(header, name => name.Trim() == asked) : Array.FindIndex(header, name => usual.Contains(name.Trim().ToLowerInvariant()));
        return at >= 0 ? at : throw Refused.Field(field, "column.unknown", $"the name of a column (there are {string.Join(", ", header.Take(50))})");
    }

    // Which of the two is meant nobody could say. Columns without a name, which spreadsheets leave behind the last, are nobody's to mean.
    private static string? Twice(string[] header) =>
        header.Select(name => name.Trim()).Where(name => name.Length > 0).GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(named => named.Count() > 1)?.Key;

    private static double? Number(string text) =>
        double.TryParse(text.AsSpan().Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
