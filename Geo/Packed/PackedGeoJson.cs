using System.Buffers;
using System.Runtime.CompilerServices;
using GridMap.Geo.GeoJson;

namespace GridMap.Geo.Packed;

/// <summary>Writes packed geometries as RFC 7946 geometry objects: byte for byte what <see cref="GeoJsonWriter"/> writes of the WKB that was packed.</summary>
public static class PackedGeoJson
{
    /// <summary>Room for one position with its brackets and comma, and what is written over behind it.</summary>
    private const int Reserve = 64;

    /// <summary>So many positions are written before the buffer is asked again.</summary>
    private const int AtOnce = 48;

    /// <summary>Appends one geometry.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="geometry">At its start.</param>
    /// <param name="decimals">0–7; 7 keeps every position exactly.</param>
    /// <param name="shift">Applied to each position; null for none.</param>
    public static void Write(ref Utf8Output output, GeometryCursor geometry, int decimals = GeoJsonWriter.DefaultDecimals, CoordinateShift? shift = null)
    {
        output.Write(geometry.Kind switch
        {
            PackedKind.Point => "{\"type\":\"Point\",\"coordinates\":"u8,
            PackedKind.LineString => "{\"type\":\"LineString\",\"coordinates\":"u8,
            PackedKind.Polygon => "{\"type\":\"Polygon\",\"coordinates\":"u8,
            PackedKind.MultiPoint => "{\"type\":\"MultiPoint\",\"coordinates\":"u8,
            PackedKind.MultiLineString => "{\"type\":\"MultiLineString\",\"coordinates\":"u8,
            _ => "{\"type\":\"MultiPolygon\",\"coordinates\":"u8,
        });
        var text = new Text(decimals, shift);
        switch (geometry.Kind)
        {
            case PackedKind.Point:
                geometry.Next();
                text.Position(ref output, geometry.X, geometry.Y);
                break;
            case PackedKind.LineString:
            case PackedKind.MultiPoint:
                text.Positions(ref output, ref geometry, ring: false);
                break;
            case PackedKind.Polygon:
            case PackedKind.MultiLineString:
                text.Parts(ref output, ref geometry, ring: geometry.Kind == PackedKind.Polygon);
                break;
            default:
                output.Write((byte)'[');
                var polygons = geometry.Count();
                for (var i = 0; i < polygons; i++)
                {
                    if (i > 0) output.Write((byte)',');
                    text.Parts(ref output, ref geometry, ring: true);
                }
                output.Write((byte)']');
                break;
        }
        output.Write((byte)'}');
    }

    private readonly ref struct Text(int decimals, CoordinateShift? shift)
    {
        public void Parts(ref Utf8Output output, ref GeometryCursor at, bool ring)
        {
            output.Write((byte)'[');
            var parts = at.Count();
            for (var i = 0; i < parts; i++)
            {
                if (i > 0) output.Write((byte)',');
                Positions(ref output, ref at, ring);
            }
            output.Write((byte)']');
        }

        public void Positions(ref Utf8Output output, ref GeometryCursor at, bool ring)
        {
            output.Write((byte)'[');
            var count = at.Count();
            if (decimals == 7 && shift is null)
            {
                Exact(ref output, ref at, count, ring);
                return;
            }
            int firstX = 0, firstY = 0;
            for (var i = 0; i < count; i++)
            {
                at.Next();
                if (i == 0) (firstX, firstY) = (at.X, at.Y);
                else output.Write((byte)',');
                Position(ref output, at.X, at.Y);
            }
            if (ring && count > 0)
            {
                output.Write((byte)',');
                Position(ref output, firstX, firstY);
            }
            output.Write((byte)']');
        }

        // Nearly all there is to write: a run of positions goes into one span, with nothing asked in between.
        private static void Exact(ref Utf8Output output, ref GeometryCursor geometry, int count, bool ring)
        {
            int firstX = 0, firstY = 0;
            var cursor = geometry;
            for (var done = 0; done < count;)
            {
                var target = output.Span(AtOnce * Reserve);
                var (length, end) = (0, Math.Min(count, done + AtOnce));
                for (; done < end; done++)
                {
                    cursor.Next();
                    if (done == 0) (firstX, firstY) = (cursor.X, cursor.Y);
                    else target[length++] = (byte)',';
                    length += Exact(target[length..], cursor.X, cursor.Y);
                }
                output.Advance(length);
            }
            var last = output.Span(Reserve);
            var used = 0;
            if (ring && count > 0)
            {
                last[used++] = (byte)',';
                used += Exact(last[used..], firstX, firstY);
            }
            last[used++] = (byte)']';
            output.Advance(used);
            geometry = cursor;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static int Exact(Span<byte> target, int x, int y)
        {
            target[0] = (byte)'[';
            var at = 1 + CoordinateText.WriteSteps(target[1..], x);
            target[at++] = (byte)',';
            at += CoordinateText.WriteSteps(target[at..], y);
            target[at] = (byte)']';
            return at + 1;
        }

        public void Position(ref Utf8Output output, int x, int y)
        {
            var target = output.Span(Reserve);
            if (decimals == 7 && shift is null)
            {
                output.Advance(Exact(target, x, y));
                return;
            }
            var at = 0;
            target[at++] = (byte)'[';
            var (a, b) = (x / 1e7, y / 1e7);
            if (shift is not null) (a, b) = shift(a, b);
            at += CoordinateText.Write(target[at..], a, decimals);
            target[at++] = (byte)',';
            at += CoordinateText.Write(target[at..], b, decimals);
            target[at++] = (byte)']';
            output.Advance(at);
        }
    }
}
