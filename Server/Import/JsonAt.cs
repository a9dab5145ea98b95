using System.Text.Json;

namespace GridMap.Server.Import;

/// <summary>A JSON value that knows where it stands, so that every complaint names its place: <c>$.steps[3].fields.level</c>.</summary>
public readonly struct JsonAt(JsonElement value, string path)
{
    public string Path { get; } = path;

    public JsonValueKind Kind => value.ValueKind;

    public ImportException Wrong(string problem) => new(Path, problem);

    /// <summary>The value as an object that has no property but these: a misspelt word is an error, not a silence.</summary>
    public JsonAt Object(params string[] known)
    {
        if (value.ValueKind != JsonValueKind.Object) throw Wrong($"expected an object, found {Describe()}");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
        {
            if (!known.Contains(property.Name)) throw Below(property.Name, property.Value).Wrong($"is not known here; known are {string.Join(", ", known)}");
            if (!seen.Add(property.Name)) throw Below(property.Name, property.Value).Wrong("is given twice");
        }
        return this;
    }

    public bool Has(string name) => value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null;

    public JsonAt Get(string name) => Has(name) ? Below(name, value.GetProperty(name)) : throw Wrong($"\"{name}\" is missing");

    public IEnumerable<(string Name, JsonAt Value)> Properties()
    {
        if (value.ValueKind != JsonValueKind.Object) throw Wrong($"expected an object, found {Describe()}");
        foreach (var property in value.EnumerateObject()) yield return (property.Name, Below(property.Name, property.Value));
    }

    public IReadOnlyList<JsonAt> Items(int atMost)
    {
        if (value.ValueKind != JsonValueKind.Array) throw Wrong($"expected a list, found {Describe()}");
        if (value.GetArrayLength() > atMost) throw Wrong($"has {value.GetArrayLength()} entries; at most {atMost} are allowed");
        var items = new List<JsonAt>();
        foreach (var item in value.EnumerateArray()) items.Add(new JsonAt(item, $"{Path}[{items.Count}]"));
        return items;
    }

    public string Text(int atMost = 2000)
    {
        if (value.ValueKind != JsonValueKind.String) throw Wrong($"expected text, found {Describe()}");
        var text = value.GetString()!;
        if (text.Length > atMost) throw Wrong($"is longer than {atMost} characters");
        if (text.Any(character => char.IsControl(character))) throw Wrong("holds a control character");
        return text;
    }

    public string FilledText(int atMost = 2000) => Text(atMost) is { } text && !string.IsNullOrWhiteSpace(text) ? text : throw Wrong("is empty");

    /// <summary>Text, a number or true/false, as text: what a constant may be.</summary>
    public string Scalar() => value.ValueKind switch
    {
        JsonValueKind.String => Text(),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => throw Wrong($"expected text, a number, true or false, found {Describe()}"),
    };

    public double Number(double from, double to)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number)) throw Wrong($"expected a number, found {Describe()}");
        return number >= from && number <= to ? number : throw Wrong($"expected a number from {from} to {to}");
    }

    public int Integer(int from, int to)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var number)) throw Wrong($"expected a whole number, found {Describe()}");
        return number >= from && number <= to ? number : throw Wrong($"expected a whole number from {from} to {to}");
    }

    public bool Flag() => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong($"expected true or false, found {Describe()}"),
    };

    public string OneOf(params string[] words) => Text() is { } text && words.Contains(text) ? text : throw Wrong($"expected one of {string.Join(", ", words)}");

    private JsonAt Below(string name, JsonElement found) =>
        new(found, name.All(character => char.IsAsciiLetterOrDigit(character) || character == '_') ? $"{Path}.{name}" : $"{Path}[\"{name}\"]");

    private string Describe() => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "nothing",
    };
}
