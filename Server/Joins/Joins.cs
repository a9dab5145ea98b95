using GridMap.Server.Http;

namespace GridMap.Server.Joins;

/// <summary>How an uploaded table or collection is read and what comes back.</summary>
public enum JoinKind
{
    Csv,
    GeoJson,
    Lines,
}

/// <summary>What lies at one place: the grid of each net in the order of <see cref="JoinPlaces.Nets"/> (null for none), and the area (null outside).</summary>
public sealed record Joined(string?[] Grids, long? AreaId)
{
    public static Joined Nothing(int nets) => new(new string?[nets], null);
}

/// <summary>The parameters of a join and its bounds.</summary>
public static class JoinParameters
{
    public const int MostRows = 1_000_000, MostRowBytes = 1 << 20, BatchRows = 5_000, BatchBytes = 8 << 20, AtOnce = 2;

    public const long MostBytes = 512L << 20;

    public static readonly Parameter<string?> Lon = Parameters.TextOf("lon", 200, "The column of a CSV with the longitude; without it lon, lng, longitude, x or 经度.");
    public static readonly Parameter<string?> Lat = Parameters.TextOf("lat", 200, "The column of a CSV with the latitude; without it lat, latitude, y or 纬度.");
    public static readonly Parameter<string?> Encoding = Parameters.Choice("encoding", ["utf-8", "gb18030"], "How a CSV is written, and its answer; when absent as the charset of its media type says, else utf-8.");
    public static readonly Parameter<string?> Format = Parameters.Choice("format", ["csv", "geojson"], "The answer to a CSV; as it came when absent.");
    public static readonly Parameter<bool?> People = Parameters.Flag("people", "Whether the names of those responsible are added; true when absent.").Or(true);

    /// <summary>How a CSV is written: the question says it, or else the charset that came with it.</summary>
    /// <exception cref="Refused">The charset is none of those that are read.</exception>
    public static string EncodingOf(Question ask, string? charset) => ask.Get(Encoding) ?? charset?.ToLowerInvariant() switch
    {
        null or "utf-8" or "utf8" or "us-ascii" => "utf-8",
        "gb18030" or "gbk" or "gb2312" or "cp936" => "gb18030", // the older ones are parts of the newest
        _ => throw new Refused(Problems.MediaType, $"A CSV is written in utf-8 or gb18030, not in {charset}."),
    };

    /// <summary>For a CSV and for GeoJSON; the body is raw or the first file of a form.</summary>
    public static readonly (string Type, JoinKind Kind)[] Types =
    [
        ("text/csv", JoinKind.Csv), ("application/csv", JoinKind.Csv), ("application/vnd.ms-excel", JoinKind.Csv), ("application/geo+json", JoinKind.GeoJson), ("application/json", JoinKind.GeoJson),
        ("application/x-ndjson", JoinKind.Lines), ("application/geo+json-seq", JoinKind.Lines), ("application/jsonl", JoinKind.Lines),
    ];
}
