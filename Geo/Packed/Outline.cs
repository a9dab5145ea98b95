namespace GridMap.Geo.Packed;

/// <summary>What can be said of a packed geometry by reading it once.</summary>
public static class Outline
{
    /// <summary>The smallest box around it; <see cref="PackedBox.Nothing"/> when it has no position.</summary>
    public static PackedBox BoxOf(GeometryCursor geometry)
    {
        var box = PackedBox.Nothing;
        Walk(ref geometry, geometry.Kind, ref box);
        return box;
    }

    private static void Walk(ref GeometryCursor at, PackedKind kind, ref PackedBox box)
    {
        if (kind == PackedKind.Point)
        {
            Positions(ref at, 1, ref box);
        }
        else if (kind is PackedKind.LineString or PackedKind.MultiPoint)
        {
            Positions(ref at, at.Count(), ref box);
        }
        else
        {
            for (var parts = at.Count(); parts > 0; parts--)
            {
                if (kind == PackedKind.MultiPolygon) Walk(ref at, PackedKind.Polygon, ref box);
                else Positions(ref at, at.Count(), ref box);
            }
        }
    }

    private static void Positions(ref GeometryCursor at, int count, ref PackedBox box)
    {
        for (; count > 0; count--)
        {
            at.Next();
            box = box.With(new PackedBox(at.X, at.Y, at.X, at.Y));
        }
    }
}
