using NetTopologySuite.Geometries;

namespace GridMap.Geo.GeoJson;

/// <summary>A geometry, or why there is none.</summary>
/// <param name="Geometry">The geometry in lon, lat with SRID 4326; null when refused.</param>
/// <param name="Reason">One of <see cref="GeoJsonReasons"/>; null when read.</param>
/// <param name="Path">Where in the document, e.g. <c>$.coordinates[0][3]</c>; null when read.</param>
/// <param name="Detail">What was found and what was expected, for a person; null when read.</param>
public readonly record struct GeoJsonResult(Geometry? Geometry, string? Reason, string? Path, string? Detail)
{
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Geometry))]
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(false, nameof(Reason), nameof(Path), nameof(Detail))]
    public bool IsRead => Geometry is not null;
}

/// <summary>Why a GeoJSON geometry was refused.</summary>
public static class GeoJsonReasons
{
    public const string Missing = "geometry.missing";
    public const string NotAnObject = "geometry.not-an-object";
    public const string UnknownType = "geometry.unknown-type";
    public const string TypeNotAllowed = "geometry.type-not-allowed";
    public const string ForeignCrs = "geometry.foreign-crs";
    public const string NotAnArray = "geometry.not-an-array";
    public const string NotAPosition = "geometry.not-a-position";
    public const string NotFinite = "geometry.not-finite";
    public const string OutOfRange = "geometry.out-of-range";
    public const string Empty = "geometry.empty";
    public const string TooFewPositions = "geometry.too-few-positions";
    public const string NotClosed = "geometry.not-closed";
    public const string Collapsed = "geometry.collapsed";
    public const string TooManyVertices = "geometry.too-many-vertices";
    public const string TooCrowded = "geometry.too-crowded";
    public const string TooDeep = "geometry.too-deep";
}

/// <summary>The geometry types that a reader may accept.</summary>
[Flags]
public enum GeoJsonTypes
{
    None = 0,
    Point = 1,
    MultiPoint = 2,
    LineString = 4,
    MultiLineString = 8,
    Polygon = 16,
    MultiPolygon = 32,
    GeometryCollection = 64,
    Points = Point | MultiPoint,
    Lines = LineString | MultiLineString,
    Polygons = Polygon | MultiPolygon,
    All = Points | Lines | Polygons | GeometryCollection,
}

/// <summary>What a reader accepts. The defaults suit one feature drawn by a person.</summary>
public sealed record GeoJsonLimits
{
    public static GeoJsonLimits Default { get; } = new();

    /// <summary>Types accepted at the outermost level; members of a collection must be accepted too.</summary>
    public GeoJsonTypes Types { get; init; } = GeoJsonTypes.All;

    /// <summary>Positions in the whole geometry, closing positions counted.</summary>
    public int MaxVertices { get; init; } = 100_000;

    /// <summary>Pairs of segments whose boxes meet, in the whole geometry, besides neighbours: see <see cref="Crowding"/>. Not counted when this is <see cref="long.MaxValue"/>.</summary>
    public long MaxPairs { get; init; } = 1_500_000;

    /// <summary>Levels of GeometryCollection inside each other.</summary>
    public int MaxDepth { get; init; } = 3;

    /// <summary>
    /// For coordinates in another CRS than WGS 84 longitude, latitude, where the transport says so (RFC 7946 §4, "prior arrangement"): makes it from the numbers
    /// as sent, before the range check; NaN refuses the position.
    /// </summary>
    public CoordinateShift? ToLonLat { get; init; }

    /// <summary>Applied to each position after the range check and before snapping, e.g. <c>ChinaOffset.Gcj02ToWgs84</c>.</summary>
    public CoordinateShift? Shift { get; init; }
}
