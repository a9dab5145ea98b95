using System.Text.Json;
using NetTopologySuite.Geometries;

namespace GridMap.Geo.GeoJson;

/// <summary>Reads an RFC 7946 geometry, or the geometry of a Feature, into NetTopologySuite.</summary>
/// <remarks>
/// Bad input is answered with a named reason and the JSON path of the first problem; nothing is thrown for it.
/// Positions are lon, lat in WGS 84 (−180..180, −90..90; a third and later number is dropped, as RFC 7946 §3.1.1 allows) and
/// are snapped to 1e-7° (<see cref="Snap"/>). Rings need four positions and must be closed after snapping; their winding is
/// kept. A line or ring that has fewer than two or three distinct positions after snapping is refused. Self-crossing is not
/// looked for here: that is a rule about grids, not about GeoJSON; lines so close that looking would take long are refused. A <c>crs</c> member (GeoJSON 2008) is accepted only when it
/// names CRS84 or EPSG:4326. Thread-safe.
/// </remarks>
public static class GeoJsonReader
{
    internal static readonly GeometryFactory Factory = new(new PrecisionModel(), 4326);

    /// <summary>Snaps to the canonical grid of 1e-7°: the double nearest to the decimal k·10⁻⁷, so that equal text is equal bits.</summary>
    public static double Snap(double degrees)
    {
        // k / 1e7 is correctly rounded; k * 1e-7 is not (1e-7 itself is no double) and would differ in the last bit.
        var snapped = Math.Round(degrees * 1e7) / 1e7;
        return snapped == 0 ? 0 : snapped;
    }

    /// <summary>Reads a geometry object, or a Feature whose geometry is not null.</summary>
    public static GeoJsonResult Read(JsonElement element, GeoJsonLimits? limits = null)
    {
        try
        {
            var reading = new Reading(limits ?? GeoJsonLimits.Default);
            return new GeoJsonResult(reading.FeatureOrGeometry(element), null, null, null);
        }
        catch (Refusal refusal)
        {
            return new GeoJsonResult(null, refusal.Reason, refusal.Path(), refusal.Message);
        }
    }

    /// <summary>Unwinds the recursion and gathers the path on the way; never leaves this file.</summary>
    private sealed class Refusal(string reason, string detail) : Exception(detail)
    {
        private string path = "";

        public string Reason { get; } = reason;

        public string Path() => "$" + path;

        public Refusal Inside(string step)
        {
            path = step + path;
            return this;
        }
    }

    private sealed class Reading(GeoJsonLimits limits)
    {
        private int vertices;

        public Geometry FeatureOrGeometry(JsonElement element)
        {
            if (element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
                throw new Refusal(GeoJsonReasons.Missing, "no geometry given");
            if (element.ValueKind != JsonValueKind.Object)
                throw new Refusal(GeoJsonReasons.NotAnObject, $"expected a GeoJSON object, found {element.ValueKind}");
            RefuseForeignCrs(element);
            if (TypeName(element) != "Feature") return Loose(One(element, 0));
            if (!element.TryGetProperty("geometry", out var geometry) || geometry.ValueKind == JsonValueKind.Null)
                throw new Refusal(GeoJsonReasons.Missing, "the feature has no geometry").Inside(".geometry");
            try
            {
                if (geometry.ValueKind != JsonValueKind.Object)
                    throw new Refusal(GeoJsonReasons.NotAnObject, $"expected a GeoJSON geometry, found {geometry.ValueKind}");
                RefuseForeignCrs(geometry);
                return Loose(One(geometry, 0));
            }
            catch (Refusal refusal)
            {
                throw refusal.Inside(".geometry");
            }
        }

        private Geometry Loose(Geometry geometry) => limits.MaxPairs == long.MaxValue || Crowding.Pairs(geometry, limits.MaxPairs) <= limits.MaxPairs ? geometry
            : throw new Refusal(GeoJsonReasons.TooCrowded, $"lines that run to and fro so closely that more than {limits.MaxPairs} pairs of their segments may cross");

        private Geometry One(JsonElement element, int depth)
        {
            var name = TypeName(element);
            var type = name switch
            {
                "Point" => GeoJsonTypes.Point,
                "MultiPoint" => GeoJsonTypes.MultiPoint,
                "LineString" => GeoJsonTypes.LineString,
                "MultiLineString" => GeoJsonTypes.MultiLineString,
                "Polygon" => GeoJsonTypes.Polygon,
                "MultiPolygon" => GeoJsonTypes.MultiPolygon,
                "GeometryCollection" => GeoJsonTypes.GeometryCollection,
                _ => throw new Refusal(GeoJsonReasons.UnknownType, "the type is none of GeoJSON's geometry types").Inside(".type"),
            };
            if (!limits.Types.HasFlag(type))
                throw new Refusal(GeoJsonReasons.TypeNotAllowed, $"{type} is not accepted here; accepted: {limits.Types}").Inside(".type");
            if (type == GeoJsonTypes.GeometryCollection) return Collection(element, depth);
            if (!element.TryGetProperty("coordinates", out var coordinates))
                throw new Refusal(GeoJsonReasons.Missing, $"a {type} needs \"coordinates\"").Inside(".coordinates");
            try
            {
                return type switch
                {
                    GeoJsonTypes.Point => Factory.CreatePoint(Position(coordinates)),
                    GeoJsonTypes.LineString => Line(coordinates),
                    GeoJsonTypes.Polygon => Polygon(coordinates),
                    GeoJsonTypes.MultiPoint => Factory.CreateMultiPoint(Each(coordinates, p => Factory.CreatePoint(Position(p)))),
                    GeoJsonTypes.MultiLineString => Factory.CreateMultiLineString(Each(coordinates, Line)),
                    _ => Factory.CreateMultiPolygon(Each(coordinates, Polygon)),
                };
            }
            catch (Refusal refusal)
            {
                throw refusal.Inside(".coordinates");
            }
        }

        private GeometryCollection Collection(JsonElement element, int depth)
        {
            if (depth >= limits.MaxDepth)
                throw new Refusal(GeoJsonReasons.TooDeep, $"collections inside collections deeper than {limits.MaxDepth} levels");
            if (!element.TryGetProperty("geometries", out var members))
                throw new Refusal(GeoJsonReasons.Missing, "a GeometryCollection needs \"geometries\"").Inside(".geometries");
            try
            {
                return Factory.CreateGeometryCollection(Each(members, member =>
                {
                    if (member.ValueKind != JsonValueKind.Object)
                        throw new Refusal(GeoJsonReasons.NotAnObject, $"expected a GeoJSON geometry, found {member.ValueKind}");
                    return One(member, depth + 1);
                }));
            }
            catch (Refusal refusal)
            {
                throw refusal.Inside(".geometries");
            }
        }

        private static T[] Each<T>(JsonElement array, Func<JsonElement, T> read)
        {
            var items = new T[Length(array)];
            var i = 0;
            foreach (var item in array.EnumerateArray())
            {
                try
                {
                    items[i] = read(item);
                }
                catch (Refusal refusal)
                {
                    throw refusal.Inside($"[{i}]");
                }

                i++;
            }

            return items;
        }

        private LineString Line(JsonElement array)
        {
            var positions = Positions(array, 2);
            if (Distinct(positions) < 2) throw new Refusal(GeoJsonReasons.Collapsed, "all positions of the line are one place");
            return Factory.CreateLineString(positions);
        }

        private Polygon Polygon(JsonElement array)
        {
            var rings = Each(array, Ring);
            return Factory.CreatePolygon(rings[0], rings[1..]);
        }

        private LinearRing Ring(JsonElement array)
        {
            var positions = Positions(array, 4);
            if (!positions[0].Equals2D(positions[^1]))
                throw new Refusal(GeoJsonReasons.NotClosed, "the last position of a ring must equal its first").Inside($"[{positions.Length - 1}]");
            if (Distinct(positions) < 3) throw new Refusal(GeoJsonReasons.Collapsed, "the ring has fewer than three distinct places");
            return Factory.CreateLinearRing(positions);
        }

        private Coordinate[] Positions(JsonElement array, int least)
        {
            var length = Length(array);
            if (length < least)
                throw new Refusal(GeoJsonReasons.TooFewPositions, $"{length} positions, at least {least} needed");
            // Before allocating: the length is the sender's.
            if (length > limits.MaxVertices - vertices) throw TooMany();
            var positions = new Coordinate[length];
            var i = 0;
            foreach (var item in array.EnumerateArray())
            {
                try
                {
                    positions[i] = Position(item);
                }
                catch (Refusal refusal)
                {
                    throw refusal.Inside($"[{i}]");
                }

                i++;
            }

            return positions;
        }

        private Coordinate Position(JsonElement element)
        {
            if (element.ValueKind != JsonValueKind.Array)
                throw new Refusal(GeoJsonReasons.NotAPosition, $"expected a position [lon, lat], found {element.ValueKind}");
            var length = element.GetArrayLength();
            if (length == 0) throw new Refusal(GeoJsonReasons.Empty, "an empty position");
            if (length is < 2 or > 4) throw new Refusal(GeoJsonReasons.NotAPosition, $"a position has 2 or 3 numbers, found {length}");
            if (++vertices > limits.MaxVertices) throw TooMany();
            var lon = Number(element, 0);
            var lat = Number(element, 1);
            for (var i = 2; i < length; i++) Number(element, i);
            if (limits.ToLonLat is not null)
            {
                (lon, lat) = limits.ToLonLat(lon, lat);
                if (double.IsNaN(lon) || double.IsNaN(lat)) throw new Refusal(GeoJsonReasons.OutOfRange, "a position that its coordinate reference system does not know");
            }
            if (lon is < -180 or > 180)
                throw new Refusal(GeoJsonReasons.OutOfRange, $"longitude {lon} is not in −180..180").Inside("[0]");
            if (lat is < -90 or > 90)
                throw new Refusal(GeoJsonReasons.OutOfRange, $"latitude {lat} is not in −90..90").Inside("[1]");
            if (limits.Shift is not null) (lon, lat) = limits.Shift(lon, lat);
            return new Coordinate(Snap(lon), Snap(lat));
        }

        private static double Number(JsonElement position, int index)
        {
            var element = position[index];
            if (element.ValueKind != JsonValueKind.Number)
                throw new Refusal(GeoJsonReasons.NotAPosition, $"expected a number, found {element.ValueKind}").Inside($"[{index}]");
            if (!element.TryGetDouble(out var value) || !double.IsFinite(value))
                throw new Refusal(GeoJsonReasons.NotFinite, "the number is too large").Inside($"[{index}]");
            return value;
        }

        private static int Length(JsonElement array)
        {
            if (array.ValueKind != JsonValueKind.Array)
                throw new Refusal(GeoJsonReasons.NotAnArray, $"expected an array, found {array.ValueKind}");
            var length = array.GetArrayLength();
            return length > 0 ? length : throw new Refusal(GeoJsonReasons.Empty, "an empty array");
        }

        private Refusal TooMany() => new(GeoJsonReasons.TooManyVertices, $"more than {limits.MaxVertices} positions");

        /// <summary>Counts up to three distinct places: enough for every question asked here.</summary>
        private static int Distinct(Coordinate[] positions)
        {
            var first = positions[0];
            Coordinate? second = null;
            foreach (var position in positions)
            {
                if (position.Equals2D(first)) continue;
                if (second is null) second = position;
                else if (!position.Equals2D(second)) return 3;
            }

            return second is null ? 1 : 2;
        }

        private static string TypeName(JsonElement element)
            => element.TryGetProperty("type", out var type) && Text(type) is { } name
                ? name
                : throw new Refusal(GeoJsonReasons.UnknownType, "a GeoJSON object needs a \"type\" string").Inside(".type");

        private static string? Text(JsonElement element)
        {
            try
            {
                return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
            }
            catch (InvalidOperationException)
            {
                // Half a surrogate pair: well-formed JSON, but no text.
                return null;
            }
        }

        private static void RefuseForeignCrs(JsonElement element)
        {
            if (!element.TryGetProperty("crs", out var crs) || crs.ValueKind == JsonValueKind.Null) return;
            var name = crs.ValueKind == JsonValueKind.Object && crs.TryGetProperty("properties", out var properties)
                && properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty("name", out var value)
                ? Text(value) : null;
            if (name is not null && (name.EndsWith(":CRS84", StringComparison.Ordinal) || name.EndsWith("/CRS84", StringComparison.Ordinal)
                || name is "EPSG:4326" or "urn:ogc:def:crs:EPSG::4326")) return;
            throw new Refusal(GeoJsonReasons.ForeignCrs, "GeoJSON is WGS 84 lon, lat (RFC 7946 §4); remove \"crs\" or transform first").Inside(".crs");
        }
    }
}
