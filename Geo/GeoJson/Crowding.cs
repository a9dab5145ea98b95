using GridMap.Geo.Packed;
using NetTopologySuite.Geometries;

namespace GridMap.Geo.GeoJson;

/// <summary>
/// How closely the segments of a geometry lie beside each other: the pairs of them whose boxes meet, besides neighbours. Whatever looks for crossings (validity, overlay, snapping)
/// takes time in proportion to that number, and a line of a few thousand positions that runs to and fro has millions. Outlines of land and streets have one or two for each position.
/// </summary>
public static class Crowding
{
    /// <summary>The pairs, counted as far as <paramref name="most"/>: one more when there are more. So it takes little time, whatever the answer.</summary>
    /// <param name="geometry">In degrees, −180..180 and −90..90.</param>
    /// <param name="most">From 0.</param>
    public static long Pairs(Geometry geometry, long most)
    {
        if (geometry.NumPoints <= 3) return 0;
        var boxes = new List<PackedBox>(geometry.NumPoints);
        geometry.Apply(new Segments(boxes));
        var tree = new PackedTree(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(boxes));
        var found = 0L;
        foreach (var box in boxes)
        {
            var hits = new Hits();
            tree.Find(box, box, ref hits);
            found += Math.Max(0, hits.Count - 3); // itself and those before and behind it
            hits.Dispose();
            if (found / 2 > most) return most + 1;
        }
        return found / 2; // each pair has been found from both sides
    }

    private sealed class Segments(List<PackedBox> boxes) : IGeometryComponentFilter
    {
        public void Filter(Geometry part)
        {
            if (part is not LineString line) return;
            var positions = line.CoordinateSequence;
            for (var i = 1; i < positions.Count; i++)
            {
                var (x1, y1, x2, y2) = (Lattice(positions.GetX(i - 1)), Lattice(positions.GetY(i - 1)), Lattice(positions.GetX(i)), Lattice(positions.GetY(i)));
                boxes.Add(new PackedBox(Math.Min(x1, x2), Math.Min(y1, y2), Math.Max(x1, x2), Math.Max(y1, y2)));
            }
        }

        private static int Lattice(double degrees) => (int)Math.Round(degrees * 1e7);
    }
}
