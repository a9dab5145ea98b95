using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace GridMap.Server.Http;

/// <summary>The kinds of query parameters there are, and those that many questions share.</summary>
public static class Parameters
{
    public static readonly Parameter<double?> Lon = Number("lon", -180, 180, ("Longitude, degrees.", "经度，单位为度。"));
    public static readonly Parameter<double?> Lat = Number("lat", -90, 90, ("Latitude, degrees.", "纬度，单位为度。"));
    public static readonly Parameter<When?> From = Time("from", ("Start of the period (included).", "时段起点（含）。"));
    public static readonly Parameter<When?> To = Time("to", ("End of the period (excluded).", "时段终点（不含）。"));
    public static readonly Parameter<When?> At = Time("at", ("The moment whose boundaries count; now when absent.", "以哪一时刻的网格边界为准；缺省为当前时刻。"));
    public static readonly Parameter<long?> AreaId = Id("areaId", ("An area, with everything below it.", "行政区域编号，含其全部下级。"));
    public static readonly ListParameter<string> Category = new("category", ("Incident category codes; a parent code includes its children. May be repeated.", "事件类别代码，上级代码含其下级；可重复给出。"),
        new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 60 } }, 50, text => ReadText(text, 60))
    { Repeats = true };
    public static readonly Parameter<string?> Coord = Choice("coord", ["wgs84", "gcj02", "bd09"], ("The datum of the coordinates in the question and in the answer.", "请求与结果中坐标所用的坐标基准。"));
    public static readonly Parameter<Bbox?> Bbox = new("bbox", ("west,south,east,north in degrees; west > east crosses the antimeridian.", "西、南、东、北，单位为度；西大于东表示跨越 180° 经线。"),
        new OpenApiSchema { Type = JsonSchemaType.Array, MinItems = 4, MaxItems = 6, Items = new OpenApiSchema { Type = JsonSchemaType.Number } }, Http.Bbox.Read);

    public static Parameter<double?> Number(string name, double least, double most, Words meaning) => new(name, meaning,
        new OpenApiSchema { Type = JsonSchemaType.Number, Minimum = Text(least), Maximum = Text(most) },
        text => double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
                && double.IsFinite(number)
            ? number >= least && number <= most ? number : Reading<double?>.Wrong("number.out-of-range", $"a number from {Text(least)} to {Text(most)}")
            : Reading<double?>.Wrong("number.unreadable", $"a number from {Text(least)} to {Text(most)}"));

    public static Parameter<int?> Integer(string name, int least, int most, Words meaning) => new(name, meaning,
        new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = Text(least), Maximum = Text(most) },
        text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number >= least && number <= most ? number : Reading<int?>.Wrong("number.out-of-range", $"a whole number from {least} to {most}")
            : Reading<int?>.Wrong("number.unreadable", $"a whole number from {least} to {most}"));

    public static Parameter<long?> Id(string name, Words meaning) => new(name, meaning,
        new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "1" },
        text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0
            ? id : Reading<long?>.Wrong("id.unreadable", "a whole number from 1"));

    public static Parameter<string?> TextOf(string name, int most, Words meaning) => new(name, meaning,
        new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = most }, text => ReadText(text, most)!);

    /// <summary>A text that may be empty, where the empty one is a value like others.</summary>
    public static Parameter<string?> AnyTextOf(string name, int most, Words meaning) => new(name, meaning,
        new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = most }, text => ReadText(text, most, least: 0)!);

    public static Parameter<string?> Choice(string name, string[] choices, Words meaning) => new(name, meaning,
        new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. choices.Select(choice => (JsonNode)choice)] },
        text => choices.Contains(text) ? text : Reading<string?>.Wrong("choice.unknown", $"one of {string.Join(", ", choices)}"));

    /// <summary>The format of the answer, the usual one first, with the media type that each makes.</summary>
    public static Parameter<string?> Format(string name, (string Choice, string MediaType)[] makes, Words meaning) => Choice(name, [.. makes.Select(format => format.Choice)], meaning).Making(makes);

    public static Parameter<bool?> Flag(string name, Words meaning) => new(name, meaning,
        new OpenApiSchema { Type = JsonSchemaType.Boolean },
        text => text switch { "true" => true, "false" => false, _ => Reading<bool?>.Wrong("flag.unreadable", "true or false") });

    public static Parameter<When?> Time(string name, Words meaning) => new(name,
        new($"{meaning.English} RFC 3339 with a zone, or a date (midnight in the city).", $"{meaning.Chinese}RFC 3339 时刻（带时区），或日期（以城市当地零时计）。"),
        new OpenApiSchema { AnyOf = [new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" }, new OpenApiSchema { Type = JsonSchemaType.String, Format = "date" }] },
        text => When.TryRead(text, out var when) ? when : Reading<When?>.Wrong("time.unreadable", "a time such as 2026-03-01T08:00:00+08:00, or a date such as 2026-03-01"));

    private static Reading<string> ReadText(string text, int most, int least = 1) =>
        text.Length < least || text.Length > most || text.Any(char.IsControl) ? Reading<string>.Wrong("text.length", $"{least} to {most} characters, none of them a control character") : text;

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
