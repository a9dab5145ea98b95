using System.Buffers;
using GridMap.Geo.GeoJson;
using GridMap.Geo.Projections;
using NetTopologySuite.Geometries;

namespace GridMap.Geo.Coverage;

/// <summary>The closed ring of an outline: its last place is its first.</summary>
/// <param name="Xs">East, metres in the plane.</param>
/// <param name="Ys">North, metres in the plane.</param>
public readonly record struct OutlineRing(double[] Xs, double[] Ys);

/// <summary>The outline of a walk as plain numbers: polygons, each a shell counterclockwise and its holes clockwise.</summary>
/// <remarks>Immutable, thread-safe.</remarks>
public sealed class WalkOutline
{
    private static readonly GeometryFactory Factory = new();

    [ThreadStatic] private static ArrayBufferWriter<byte>? scratch;

    internal WalkOutline(IReadOnlyList<IReadOnlyList<OutlineRing>> polygons) => Polygons = polygons;

    public static WalkOutline Empty { get; } = new([]);

    /// <summary>The first ring of each is its shell.</summary>
    public IReadOnlyList<IReadOnlyList<OutlineRing>> Polygons { get; }

    public bool IsEmpty => Polygons.Count == 0;

    public MultiPolygon ToMultiPolygon() => Factory.CreateMultiPolygon([.. Polygons.Select(rings => Factory.CreatePolygon(Ring(rings[0]), [.. rings.Skip(1).Select(Ring)]))]);

    /// <summary>A GeoJSON MultiPolygon in UTF-8, with places on the lattice of 1e-7°; what falls on one place of it is written once.</summary>
    /// <param name="plane">In which the outline was drawn.</param>
    /// <param name="shift">Applied to each position in degrees; null for none.</param>
    public byte[] ToGeoJson(MetricPlane plane, CoordinateShift? shift = null)
    {
        var text = scratch ??= new(64 << 10);
        text.ResetWrittenCount();
        var patches = new PlanePatches(plane);
        text.Write("{\"type\":\"MultiPolygon\",\"coordinates\":["u8);
        for (var i = 0; i < Polygons.Count; i++)
        {
            text.Write(i == 0 ? "["u8 : ",["u8);
            for (var ring = 0; ring < Polygons[i].Count; ring++)
            {
                if (ring > 0) text.Write(","u8);
                Write(text, Polygons[i][ring], patches, shift);
            }

            text.Write("]"u8);
        }

        text.Write("]}"u8);
        var json = text.WrittenSpan.ToArray();
        // One huge outline must not pin its memory to the thread for good.
        if (text.Capacity > 1 << 20) scratch = null;
        return json;
    }

    private static void Write(ArrayBufferWriter<byte> text, OutlineRing ring, PlanePatches patches, CoordinateShift? shift)
    {
        var (xs, ys) = ring;
        var span = text.GetSpan(xs.Length * (2 * CoordinateText.MaxLength + 4) + 2);
        var at = 0;
        span[at++] = (byte)'[';
        var (lastX, lastY) = (int.MinValue, int.MinValue);
        for (var i = 0; i < xs.Length; i++)
        {
            var (lon, lat) = patches.ToLonLat(xs[i], ys[i]);
            if (shift is not null) (lon, lat) = shift(lon, lat);
            int x = (int)Math.Round(lon * 1e7), y = (int)Math.Round(lat * 1e7);
            // The last place closes the ring, whatever stands before it.
            if (x == lastX && y == lastY && i < xs.Length - 1) continue;
            (lastX, lastY) = (x, y);
            if (at > 1) span[at++] = (byte)',';
            span[at++] = (byte)'[';
            at += CoordinateText.WriteSteps(span[at..], x);
            span[at++] = (byte)',';
            at += CoordinateText.WriteSteps(span[at..], y);
            span[at++] = (byte)']';
        }

        span[at++] = (byte)']';
        text.Advance(at);
    }

    private static LinearRing Ring(OutlineRing ring) => Factory.CreateLinearRing([.. ring.Xs.Zip(ring.Ys, (x, y) => new Coordinate(x, y))]);
}
