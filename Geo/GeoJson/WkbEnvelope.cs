namespace GridMap.Geo.GeoJson;

/// <summary>The smallest upright box around a geometry, read from its WKB without making objects.</summary>
/// <remarks>
/// In the units of the WKB. The box of an empty geometry is <see cref="Empty"/>, whose minimum is above its maximum.
/// Z and M are passed over. Does not know the antimeridian: a geometry on both sides of it gets a box around the world.
/// </remarks>
public readonly record struct WkbEnvelope(double MinX, double MinY, double MaxX, double MaxY)
{
    public static WkbEnvelope Empty { get; } =
        new(double.PositiveInfinity, double.PositiveInfinity, double.NegativeInfinity, double.NegativeInfinity);

    public bool IsEmpty => !(MinX <= MaxX && MinY <= MaxY);

    /// <summary>The box of one geometry in (E)WKB or ISO WKB, either byte order.</summary>
    /// <exception cref="WkbException">The bytes are malformed: cut short, unknown type, coordinate not finite, ring not closed, …</exception>
    public static WkbEnvelope Of(ReadOnlySpan<byte> wkb)
    {
        var cursor = new WkbCursor(wkb);
        var box = Empty;
        Walk(ref cursor, ref box, 0, null);
        if (!cursor.AtEnd) throw cursor.Fail(WkbReasons.TrailingBytes, $"{wkb.Length - cursor.Offset} bytes after the geometry");
        return box;
    }

    /// <summary>The smallest box around both.</summary>
    public WkbEnvelope Union(WkbEnvelope other)
        => new(Math.Min(MinX, other.MinX), Math.Min(MinY, other.MinY), Math.Max(MaxX, other.MaxX), Math.Max(MaxY, other.MaxY));

    private static void Walk(ref WkbCursor cursor, ref WkbEnvelope box, int depth, WkbType? member)
    {
        if (depth > WkbCursor.MaxDepth) throw cursor.Fail(WkbReasons.TooDeep, $"more than {WkbCursor.MaxDepth} levels");
        var type = cursor.ReadHeader();
        if (member is not null && member != type) throw cursor.Fail(WkbReasons.WrongMember, $"{type} among {member}s");
        switch (type)
        {
            case WkbType.Point:
                var point = cursor.ReadPositions(1);
                // Empty points have no other spelling in WKB than NaN.
                if (!(double.IsNaN(cursor.X(point, 0)) && double.IsNaN(cursor.Y(point, 0)))) Add(in cursor, point, 1, ref box);
                break;
            case WkbType.LineString:
                var count = cursor.ReadCount(cursor.Stride);
                if (count == 1) throw cursor.Fail(WkbReasons.TooFewPositions, "a line of one position");
                Add(in cursor, cursor.ReadPositions(count), count, ref box);
                break;
            case WkbType.Polygon:
                var rings = cursor.ReadCount(4);
                for (var i = 0; i < rings; i++) Ring(ref cursor, ref box);
                break;
            default:
                var members = cursor.ReadCount(5);
                WkbType? each = type switch
                {
                    WkbType.MultiPoint => WkbType.Point,
                    WkbType.MultiLineString => WkbType.LineString,
                    WkbType.MultiPolygon => WkbType.Polygon,
                    _ => null,
                };
                for (var i = 0; i < members; i++) Walk(ref cursor, ref box, depth + 1, each);
                break;
        }
    }

    private static void Ring(ref WkbCursor cursor, ref WkbEnvelope box)
    {
        var count = cursor.ReadCount(cursor.Stride);
        if (count < 4) throw cursor.Fail(WkbReasons.TooFewPositions, $"a ring of {count} positions, at least 4 needed");
        var ring = cursor.ReadPositions(count);
        Add(in cursor, ring, count, ref box);
        if (cursor.X(ring, 0) != cursor.X(ring, count - 1) || cursor.Y(ring, 0) != cursor.Y(ring, count - 1))
            throw cursor.Fail(WkbReasons.NotClosed, "the last position of a ring is not its first");
    }

    private static void Add(in WkbCursor cursor, ReadOnlySpan<byte> positions, int count, ref WkbEnvelope box)
    {
        double minX = box.MinX, minY = box.MinY, maxX = box.MaxX, maxY = box.MaxY;
        for (var i = 0; i < count; i++)
        {
            double x = cursor.X(positions, i), y = cursor.Y(positions, i);
            if (!(double.IsFinite(x) && double.IsFinite(y))) throw cursor.Fail(WkbReasons.NotFinite, $"position {i} is ({x}, {y})");
            if (x < minX) minX = x;
            if (x > maxX) maxX = x;
            if (y < minY) minY = y;
            if (y > maxY) maxY = y;
        }

        box = new(minX, minY, maxX, maxY);
    }
}
