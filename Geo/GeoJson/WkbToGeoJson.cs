using System.Buffers;

namespace GridMap.Geo.GeoJson;

/// <summary>The walk from WKB to text. The bytes have been checked by <see cref="WkbEnvelope.Of"/> before.</summary>
internal ref struct WkbToGeoJson(IBufferWriter<byte> output, ReadOnlySpan<byte> wkb, int decimals, CoordinateShift? shift)
{
    // Room for a position with its brackets and comma, and for the longest opening ({"type":"GeometryCollection","geometries":[).
    private const int Reserve = 64;
    private const int Chunk = 4096;

    private WkbCursor cursor = new(wkb);
    private Span<byte> span = output.GetSpan(Chunk);
    private int used;

    public void Geometry()
    {
        Any();
        output.Advance(used);
    }

    private void Any()
    {
        var type = cursor.ReadHeader();
        Text(type switch
        {
            WkbType.Point => "{\"type\":\"Point\",\"coordinates\":"u8,
            WkbType.LineString => "{\"type\":\"LineString\",\"coordinates\":"u8,
            WkbType.Polygon => "{\"type\":\"Polygon\",\"coordinates\":"u8,
            WkbType.MultiPoint => "{\"type\":\"MultiPoint\",\"coordinates\":"u8,
            WkbType.MultiLineString => "{\"type\":\"MultiLineString\",\"coordinates\":"u8,
            WkbType.MultiPolygon => "{\"type\":\"MultiPolygon\",\"coordinates\":"u8,
            _ => "{\"type\":\"GeometryCollection\",\"geometries\":"u8,
        });
        Body(type);
        Text("}"u8);
    }

    private void Body(WkbType type)
    {
        switch (type)
        {
            case WkbType.Point:
                Point();
                break;
            case WkbType.LineString:
                var count = cursor.ReadCount(cursor.Stride);
                Positions(cursor.ReadPositions(count), count, reverse: false);
                break;
            case WkbType.Polygon:
                Polygon();
                break;
            case WkbType.GeometryCollection:
                Members(open: true);
                break;
            default:
                Members(open: false);
                break;
        }
    }

    private void Members(bool open)
    {
        var count = cursor.ReadCount(5);
        Text("["u8);
        var written = 0;
        for (var i = 0; i < count; i++)
        {
            if (open)
            {
                if (written++ > 0) Text(","u8);
                Any();
                continue;
            }

            var member = cursor.ReadHeader();
            if (written++ > 0) Text(","u8);
            Body(member);
        }

        Text("]"u8);
    }

    private void Point()
    {
        var point = cursor.ReadPositions(1);
        double x = cursor.X(point, 0), y = cursor.Y(point, 0);
        if (double.IsNaN(x)) Text("[]"u8);
        else Position(x, y);
    }

    private void Polygon()
    {
        var rings = cursor.ReadCount(4);
        Text("["u8);
        for (var i = 0; i < rings; i++)
        {
            if (i > 0) Text(","u8);
            var count = cursor.ReadCount(cursor.Stride);
            var ring = cursor.ReadPositions(count);
            var area = TwiceArea(ring, count);
            Positions(ring, count, reverse: i == 0 ? area < 0 : area > 0);
        }

        Text("]"u8);
    }

    private void Positions(ReadOnlySpan<byte> positions, int count, bool reverse)
    {
        Text("["u8);
        for (var i = 0; i < count; i++)
        {
            var index = reverse ? count - 1 - i : i;
            if (i > 0) Text(","u8);
            Position(cursor.X(positions, index), cursor.Y(positions, index));
        }

        Text("]"u8);
    }

    private void Position(double x, double y)
    {
        if (shift is not null) (x, y) = shift(x, y);
        if (span.Length - used < Reserve) Renew();
        var target = span;
        var at = used;
        target[at++] = (byte)'[';
        at += CoordinateText.Write(target[at..], x, decimals);
        target[at++] = (byte)',';
        at += CoordinateText.Write(target[at..], y, decimals);
        target[at++] = (byte)']';
        used = at;
    }

    private void Text(ReadOnlySpan<byte> text)
    {
        if (span.Length - used < Reserve) Renew();
        text.CopyTo(span[used..]);
        used += text.Length;
    }

    private void Renew()
    {
        output.Advance(used);
        span = output.GetSpan(Chunk);
        used = 0;
    }

    // About the first vertex: with raw degrees the products lose the digits that small rings live in.
    private readonly double TwiceArea(ReadOnlySpan<byte> ring, int count)
    {
        double x0 = cursor.X(ring, 0), y0 = cursor.Y(ring, 0), px = 0, py = 0, sum = 0;
        for (var i = 1; i < count; i++)
        {
            double x = cursor.X(ring, i) - x0, y = cursor.Y(ring, i) - y0;
            sum += px * y - x * py;
            px = x;
            py = y;
        }

        return sum;
    }
}
