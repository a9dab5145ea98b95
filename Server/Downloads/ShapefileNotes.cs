using System.Text;
using GridMap.Server.Layers;

namespace GridMap.Server.Downloads;

/// <summary>
/// What a Shapefile cannot hold is said, and kept beside it: which property each field is, whose name has ten letters at most, and every text of more than
/// 254 bytes as it was. Both are tables of text that Excel opens; their ending is not one that map programs would open as another layer.
/// </summary>
internal sealed class ShapefileNotes : IDisposable
{
    private const int MostNameLetters = 10, MostTextBytes = 254;

    private readonly string _folder;
    private readonly Layer _layer;
    private readonly Encoding _encoding;
    private readonly Dictionary<string, string> _fields = [];
    private readonly SortedDictionary<string, int> _cut = new(StringComparer.Ordinal);
    private StreamWriter? _texts;

    public ShapefileNotes(DownloadJob job, string folder)
    {
        (_folder, _layer, _encoding) = (folder, job.Question.Layer, Encoding.GetEncoding(job.Encoding));
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in _layer.Columns.Select(column => column.Name).Prepend(DownloadFile.IdField))
        {
            var field = name[..Math.Min(name.Length, MostNameLetters)];
            for (var number = 2; !taken.Add(field); number++) field = $"{name[..Math.Min(name.Length, MostNameLetters - 2)]}_{number}";
            _fields[name] = field;
        }
    }

    static ShapefileNotes() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    private string FieldsName => $"{_layer.Name}.fields.txt";

    private string TextsName => $"{_layer.Name}.texts.txt";

    /// <summary>What there is to say of the file; null when it holds everything under its own name.</summary>
    public string? Message
    {
        get
        {
            var names = _fields.Any(pair => pair.Key != pair.Value) ? $"Fields of a Shapefile have names of ten letters: {FieldsName} says which property each is." : null;
            var texts = _cut.Count > 0 ? $"Texts of a Shapefile have {MostTextBytes} bytes: {string.Join(", ", _cut.Select(cut => $"{cut.Value} of {cut.Key}"))} end early and are whole in {TextsName}." : null;
            return names is null && texts is null ? null : string.Join(' ', new[] { texts, names }.OfType<string>());
        }
    }

    /// <summary>The field of a property.</summary>
    public string Field(string property) => _fields[property];

    /// <summary>As much of a text as fits, in whole letters; the whole text is noted.</summary>
    public string Fit(long id, string property, string text)
    {
        if (_encoding.GetMaxByteCount(text.Length) <= MostTextBytes || _encoding.GetByteCount(text) <= MostTextBytes) return text;
        _cut[property] = _cut.GetValueOrDefault(property) + 1;
        _texts ??= Begin(TextsName, DownloadFile.IdField, "property", "text");
        _texts.Write($"{id}\t{property}\t\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\r\n");
        var (letters, bytes) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if ((bytes += _encoding.GetByteCount(rune.ToString())) > MostTextBytes) break;
            letters += rune.Utf16SequenceLength;
        }
        return text[..letters];
    }

    /// <summary>Ends the texts and writes what the fields are.</summary>
    public void End()
    {
        _texts?.Dispose();
        using var fields = Begin(FieldsName, "field", "property", "type", "texts cut");
        foreach (var (property, field) in _fields)
        {
            var kind = property == DownloadFile.IdField ? ColumnKind.Integer : _layer.Column(property).Kind;
            fields.Write($"{field}\t{property}\t{Word(kind)}\t{_cut.GetValueOrDefault(property)}\r\n");
        }
    }

    public void Dispose() => _texts?.Dispose();

    // With the mark by which Excel and editors know UTF-8.
    private StreamWriter Begin(string name, params string[] columns)
    {
        var writer = new StreamWriter(Path.Combine(_folder, name), append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        writer.Write($"{string.Join('\t', columns)}\r\n");
        return writer;
    }

    private static string Word(ColumnKind kind) => kind switch
    {
        ColumnKind.Integer => "whole number",
        ColumnKind.Number => "number",
        ColumnKind.Flag => "1 or 0",
        ColumnKind.Time => "time (UTC)",
        _ => "text",
    };
}
