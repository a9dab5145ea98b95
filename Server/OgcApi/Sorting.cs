using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.OgcApi;

/// <summary>The order of a page, and the opaque text that says where it ended.</summary>
internal static class Sorting
{
    private const int MostKeys = 10;

    /// <param name="layer">Whose columns may be sorted by.</param>
    /// <param name="text">As in <c>sortby=-floors,name</c>; a plus that was not encoded arrives as a space.</param>
    public static IReadOnlyList<SortBy> Read(Layer layer, string? text)
    {
        if (text is null) return [];
        var keys = text.Split(',');
        if (keys.Length > MostKeys) throw Refused.Field("sortby", "sortby.too-many", $"at most {MostKeys} sortables");
        var sort = new List<SortBy>();
        foreach (var key in keys)
        {
            var name = key is ['+' or '-' or ' ', ..] ? key[1..] : key;
            var column = Queryables.Scalars(layer).FirstOrDefault(column => column.Name == name) ?? throw Refused.Field("sortby", "sortby.unknown",
                $"sortables: {string.Join(", ", Queryables.Scalars(layer).Select(column => column.Name))} ('{name}' is none)");
            if (sort.Any(before => before.Column.Name == name)) throw Refused.Field("sortby", "sortby.repeated", "each sortable once");
            sort.Add(new SortBy(column, key[0] == '-'));
            // The id is total: nothing behind it changes the order, and by id upwards is the order there is anyway.
            if (column == Queryables.Id) return sort[^1].Descending ? sort : [.. sort.SkipLast(1)];
        }
        return sort;
    }

    /// <summary>For <c>after</c>: the plain id where the order is by id, else id and values.</summary>
    public static string WriteKey(FeatureKey key)
    {
        if (key.Values.Count == 0) return key.Id.ToString();
        var values = key.Values.Select(value => value is DateTime time ? time.Ticks : value).Prepend(key.Id).ToArray();
        return Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(values));
    }

    public static FeatureKey ReadKey(string text, IReadOnlyList<SortBy> sort)
    {
        var wrong = Refused.Field("after", "after.unreadable", "the value in a next link, with the same sortby");
        if (sort.Count == 0) return long.TryParse(text, System.Globalization.NumberStyles.None, null, out var id) ? FeatureKey.Of(id) : throw wrong;
        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)));
            var values = document.RootElement;
            if (values.GetArrayLength() != sort.Count + 1) throw wrong;
            return new FeatureKey(values[0].GetInt64(), [.. sort.Select((by, i) => Value(values[i + 1], by.Column.Kind))]);
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException or ArgumentException)
        {
            throw wrong;
        }
    }

    private static object? Value(JsonElement value, ColumnKind kind)
    {
        if (value.ValueKind == JsonValueKind.Null) return null;
        return kind switch
        {
            ColumnKind.Text => value.GetString()!.Contains('\0') ? throw new FormatException() : value.GetString(),
            ColumnKind.Integer => value.GetInt64(),
            ColumnKind.Number => value.GetDouble(),
            ColumnKind.Flag => value.GetBoolean(),
            _ => new DateTime(value.GetInt64(), DateTimeKind.Utc),
        };
    }
}
