using System.Text.Json;
using GridMap.Geo.GeoJson;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using NetTopologySuite.Geometries;

namespace GridMap.Server.OgcApi;

/// <summary>Reads features that clients send: strictly by the layer's list of what may be written, saying all that is wrong at once.</summary>
internal static class FeatureBody
{
    public const int MostFeatures = 5_000;

    private const int MostErrors = 200;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <exception cref="Refused">Another media type (415), or no JSON object (400).</exception>
    public static async Task<JsonDocument> Read(HttpContext http, CancellationToken cancellation, params string[] mediaTypes)
    {
        var type = http.Request.ContentType?.Split(';')[0].Trim();
        if (!mediaTypes.Contains(type, StringComparer.OrdinalIgnoreCase)) throw new Refused(Problems.MediaType, $"Send {string.Join(" or ", mediaTypes)}.");
        try
        {
            var document = await JsonDocument.ParseAsync(http.Request.Body, Options, cancellation);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw Refused.Field("body", "body.not-an-object", "a JSON object");
        }
        catch (JsonException exception)
        {
            throw Refused.Field("body", "body.not-json", $"well-formed JSON ({exception.Message})");
        }
    }

    /// <summary>The features of a collection, or the one feature. <paramref name="root"/> says which it is.</summary>
    public static List<FeatureDraft> Drafts(JsonElement root, Layer layer, AskedCrs crs, bool mayBeMany)
    {
        var type = TypeOf(root);
        // Many geometries in one body take no longer than one may.
        var left = GeoJsonLimits.Default.MaxPairs;
        if (type == "Feature") return [Checked([Draft(root, layer, crs, "", whole: true, ref left)])];
        if (type != "FeatureCollection" || !mayBeMany) throw Refused.Field("type", "choice.unknown", mayBeMany ? "\"Feature\" or \"FeatureCollection\"" : "\"Feature\"");
        if (!root.TryGetProperty("features", out var features) || features.ValueKind != JsonValueKind.Array || features.GetArrayLength() is < 1 or > MostFeatures)
            throw Refused.Field("features", "list.length", $"1 to {MostFeatures} features");
        var read = new List<(FeatureDraft Draft, List<FieldError> Errors)>(features.GetArrayLength());
        var ofAll = new List<FieldError>();
        CheckDatum(root, crs, "", ofAll);
        if (ofAll.Count > 0) throw Refused.Fields(ofAll);
        foreach (var feature in features.EnumerateArray())
        {
            var path = $"features[{read.Count}].";
            if (feature.ValueKind == JsonValueKind.Object && TypeOf(feature) == "Feature") read.Add(Draft(feature, layer, crs, path, whole: true, ref left));
            else read.Add((new FeatureDraft(null, new Dictionary<string, object?>(), path), [new FieldError($"{path}type", "choice.unknown", "\"Feature\"")]));
        }
        Checked(read);
        return [.. read.Select(one => one.Draft)];
    }

    /// <summary>A JSON Merge Patch (RFC 7396) of a feature: what is absent stays, null goes back to its default.</summary>
    public static FeatureDraft Patch(JsonElement root, Layer layer, AskedCrs crs)
    {
        if (root.TryGetProperty("type", out _) && TypeOf(root) != "Feature") throw new Refused(Problems.Unprocessable, "type: expected \"Feature\".", [new FieldError("type", "choice.unknown", "\"Feature\"")]);
        var left = GeoJsonLimits.Default.MaxPairs;
        return Checked([Draft(root, layer, crs, "", whole: false, ref left)]);
    }

    // A patch merges into the geometry, too: its type stays what every geometry of the layer has.
    private static JsonElement Merged(JsonElement sent, Layer layer)
    {
        if (sent.ValueKind != JsonValueKind.Object || sent.TryGetProperty("type", out _) || !sent.TryGetProperty("coordinates", out var coordinates)) return sent;
        var type = layer.Geometry switch { "point" => "Point", "line" => "LineString", _ => "MultiPolygon" };
        return JsonSerializer.SerializeToElement(new Dictionary<string, object> { ["type"] = type, ["coordinates"] = coordinates });
    }

    // Answers in a shifted datum say so in "coord": sent back without the parameter, they would be kept hundreds of metres away.
    private static void CheckDatum(JsonElement said, AskedCrs crs, string path, List<FieldError> errors)
    {
        if (said.TryGetProperty("coord", out var coord) && !(coord.ValueKind == JsonValueKind.String && coord.ValueEquals(crs.Datum.Name)))
            errors.Add(new FieldError($"{path}coord", "coord.another", $"the request's own datum, \"{crs.Datum.Name}\"; another is asked for by the parameter coord"));
    }

    private static FeatureDraft Checked(List<(FeatureDraft Draft, List<FieldError> Errors)> read)
    {
        var errors = read.SelectMany(one => one.Errors).Take(MostErrors).ToList();
        if (errors.Count == 0) return read[0].Draft;
        throw new Refused(Problems.Unprocessable, string.Join(' ', errors.Take(5).Select(error => $"{error.Field}: expected {error.Expected}.")), errors);
    }

    private static (FeatureDraft Draft, List<FieldError> Errors) Draft(JsonElement feature, Layer layer, AskedCrs crs, string path, bool whole, ref long left)
    {
        var errors = new List<FieldError>();
        CheckDatum(feature, crs, path, errors);
        Geometry? geometry = null;
        if (!feature.TryGetProperty("geometry", out var sent) && whole) errors.Add(new FieldError($"{path}geometry", "field.missing", "a geometry"));
        else if (sent.ValueKind != JsonValueKind.Undefined) geometry = GeometryOf(whole ? sent : Merged(sent, layer), layer, crs, path, errors, ref left);
        var values = new Dictionary<string, object?>();
        if (feature.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in properties.EnumerateObject()) ReadProperty(member, layer, path, values, errors);
        }
        else if (whole || properties.ValueKind != JsonValueKind.Undefined)
        {
            // A feature may have none (RFC 7946 §3.2), but a patch cannot take them all away.
            if (!whole || properties.ValueKind != JsonValueKind.Null) errors.Add(new FieldError($"{path}properties", "field.wrong-type", "an object"));
        }
        foreach (var property in layer.Writes!.Properties.Where(property => property.IsRequired))
        {
            if (values.TryGetValue(property.Name, out var value) ? value is null or "" : whole)
                errors.Add(new FieldError($"{path}properties.{property.Name}", "field.missing", "a value"));
        }
        return (new FeatureDraft(geometry, values, path), errors);
    }

    private static Geometry? GeometryOf(JsonElement sent, Layer layer, AskedCrs crs, string path, List<FieldError> errors, ref long left)
    {
        var types = layer.Geometry switch { "point" => GeoJsonTypes.Point, "line" => GeoJsonTypes.LineString, _ => GeoJsonTypes.Polygons };
        var read = GeoJsonReader.Read(sent, new GeoJsonLimits { Types = types, ToLonLat = crs.IsDefault ? null : crs.ToLonLat, MaxPairs = long.MaxValue });
        if (!read.IsRead) errors.Add(new FieldError($"{path}geometry{read.Path.TrimStart('$')}", read.Reason, GeoJsonWords.Expected(read.Detail)));
        else if ((left -= Crowding.Pairs(read.Geometry, left)) < 0)
        {
            errors.Add(new FieldError($"{path}geometry", GeoJsonReasons.TooCrowded, "lines that run less closely to and fro, or fewer of them in one body"));
            left = 0;
        }
        else if (!read.Geometry.IsValid) errors.Add(new FieldError($"{path}geometry", "geometry.not-valid", "rings that do not cross themselves or each other"));
        return read.Geometry;
    }

    private static void ReadProperty(JsonProperty member, Layer layer, string path, Dictionary<string, object?> values, List<FieldError> errors)
    {
        var property = layer.Writes!.Properties.FirstOrDefault(property => property.Name == member.Name);
        if (property is null)
        {
            // Derived properties come back with every feature that was read before; they are passed over.
            if (layer.Columns.All(column => column.Name != member.Name))
                errors.Add(new FieldError($"{path}properties.{member.Name}", "field.unknown", $"one of {string.Join(", ", layer.Writes.Properties.Select(known => known.Name))}"));
            return;
        }
        var (value, expected) = Value(member.Value, property);
        if (expected is not null) errors.Add(new FieldError($"{path}properties.{member.Name}", "field.wrong-value", expected));
        values[member.Name] = value;
    }

    private static (object? Value, string? Expected) Value(JsonElement sent, WritableProperty property)
    {
        if (sent.ValueKind == JsonValueKind.Null) return (null, null);
        switch (property.Kind)
        {
            case ColumnKind.Text:
                var text = Text(sent);
                if (text is null) return (null, "a text");
                if (text.Length > property.MostCharacters || text.Any(char.IsControl)) return (null, $"at most {property.MostCharacters} characters, none of them a control character");
                return property.Choices is { } choices && !choices.Contains(text) ? (null, $"one of {string.Join(", ", choices)}") : (text, null);
            case ColumnKind.Integer:
                return sent.ValueKind == JsonValueKind.Number && sent.TryGetInt64(out var whole) && whole >= property.Least && whole <= property.Most
                    ? (whole, null) : (null, $"a whole number from {property.Least} to {property.Most}");
            case ColumnKind.Number:
                return sent.ValueKind == JsonValueKind.Number && sent.TryGetDouble(out var number) && number >= property.Least && number <= property.Most
                    ? (number, null) : (null, $"a number from {property.Least} to {property.Most}");
            case ColumnKind.Flag:
                return sent.ValueKind is JsonValueKind.True or JsonValueKind.False ? (sent.GetBoolean(), null) : (null, "true or false");
            default:
                return Text(sent) is { } time && When.TryRead(time, out var when) ? (when.ToUtc(TimeZoneInfo.Utc), null) : (null, "a time such as 2026-03-01T08:00:00+08:00");
        }
    }

    private static string TypeOf(JsonElement node) => node.TryGetProperty("type", out var type) ? Text(type) ?? "" : "";

    private static string? Text(JsonElement node)
    {
        try
        {
            return node.ValueKind == JsonValueKind.String ? node.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair
        }
    }
}
