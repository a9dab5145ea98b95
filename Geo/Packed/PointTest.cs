namespace GridMap.Geo.Packed;

/// <summary>
/// Whether a point meets a polygon, its border included: the same answer, also within the last bit of a slanted border, as PostGIS' <c>ST_Intersects</c> of a point and a
/// polygon gives. It counts windings (Sunday 2001) in plain double arithmetic over the stored degrees, and so does this, in the same order of operations.
/// </summary>
public static class PointTest
{
    private const double Steps = 1e7;

    /// <summary>Polygons and multipolygons; anything else is never met.</summary>
    public static bool Meets(GeometryCursor geometry, double lon, double lat)
    {
        if (geometry.Kind == PackedKind.Polygon) return MeetsPolygon(ref geometry, lon, lat);
        if (geometry.Kind != PackedKind.MultiPolygon) return false;
        for (var polygons = geometry.Count(); polygons > 0; polygons--)
        {
            if (MeetsPolygon(ref geometry, lon, lat)) return true;
        }
        return false;
    }

    /// <summary>The side of one edge on which the point lies, and what that does to the winding: +1, −1, 0, or <see cref="OnBorder"/>.</summary>
    internal static int Winding(double x1, double y1, double x2, double y2, double lon, double lat)
    {
        // Most edges lie wholly above or below.
        if ((y1 > lat && y2 > lat) || (y1 < lat && y2 < lat)) return 0;
        var side = ((x2 - x1) * (lat - y1)) - ((lon - x1) * (y2 - y1));
        if (side == 0 && Math.Min(x1, x2) <= lon && lon <= Math.Max(x1, x2)) return OnBorder;
        if (y1 <= lat && lat < y2 && side > 0) return 1;
        return y2 <= lat && lat < y1 && side < 0 ? -1 : 0;
    }

    internal const int OnBorder = 2;

    private static bool MeetsPolygon(ref GeometryCursor at, double lon, double lat)
    {
        var (rings, border, inside) = (at.Count(), false, false);
        for (var ring = 0; ring < rings; ring++)
        {
            var count = at.Count();
            if (count == 0) continue;
            at.Next();
            double firstX = at.X / Steps, firstY = at.Y / Steps, x1 = firstX, y1 = firstY;
            var winding = 0;
            for (var i = 1; i <= count; i++)
            {
                if (i < count) at.Next();
                var (x2, y2) = i < count ? (at.X / Steps, at.Y / Steps) : (firstX, firstY);
                var turn = Winding(x1, y1, x2, y2, lon, lat);
                if (turn == OnBorder) border = true;
                else winding += turn;
                (x1, y1) = (x2, y2);
            }
            if (ring == 0) inside = winding != 0;
            else if (winding != 0) inside = false;
        }
        return border || inside;
    }
}
