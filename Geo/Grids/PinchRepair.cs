using GridMap.Geo.GeoJson;
using NetTopologySuite.Geometries;

namespace GridMap.Geo.Grids;

/// <summary>Opens a passage where a grid touches itself in a point, so that it can be held by its borders.</summary>
/// <remarks>
/// Around the point lie, in turn, the grid, a neighbour, the grid again, and another neighbour or the outside. One neighbour's corner is cut off, by a metre at
/// most along either of its borders, and given to the grid: half a square metre of land, beside a point nobody could have walked through. The new corners lie on
/// the lattice, so these two borders move by half a step (5 mm) besides.
/// </remarks>
internal static class PinchRepair
{
    private const double PassageMetres = 1;

    /// <exception cref="ArgumentException">The fault is another one.</exception>
    public static PartitionRepairResult Repair(IReadOnlyList<Geometry> grids, GridFault fault)
    {
        if (fault.Reason != GridFaultReasons.SelfTouching || fault.Place is not Point || fault.Children is not [var pinched])
            throw new ArgumentException("not a grid that touches itself in a point", nameof(fault));
        var place = fault.Place.Coordinate;
        if (Only(grids[pinched]) is not { } grid) return No("the grid has several pieces");
        var scale = LatticeScale.At(Vertex(place));
        (int Grid, Coordinate Before, Coordinate After, double Angle)? narrowest = null;
        for (var i = 0; i < grids.Count; i++)
        {
            if (i == pinched || !grids[i].EnvelopeInternal.Intersects(place) || Only(grids[i]) is not { } neighbour) continue;
            foreach (var (before, after) in Passes(neighbour, place))
            {
                // Both borders of the corner must be the grid's: then nobody else is concerned.
                if (!Passes(grid, place).Any(pass => pass.Before.Equals2D(after) && pass.After.Equals2D(before))) continue;
                var angle = scale.Angle(Vertex(place), Vertex(after), Vertex(before));
                if (narrowest is null || angle < narrowest.Value.Angle) narrowest = (i, before, after, angle);
            }
        }

        if (narrowest is not { } cut || cut.Angle >= Math.PI) return No("no neighbour has a corner here that could give way");
        var (first, second) = (Along(place, cut.Before, scale), Along(place, cut.After, scale));
        if (first.Equals2D(place) || second.Equals2D(place) || first.Equals2D(second)) return No("the borders here are too short");
        return new(
            new Dictionary<int, Polygon>
            {
                [pinched] = Cut(grid, place, cut.After, cut.Before, second, first),
                [cut.Grid] = Cut(Only(grids[cut.Grid])!, place, cut.Before, cut.After, first, second),
            }, null, null);
    }

    private static Polygon? Only(Geometry grid) => GridShape.Parts(grid) is [var one] ? one : null;

    /// <summary>The corners before and after the place, in each ring that passes it, in the sense in which the grid lies to the left.</summary>
    private static IEnumerable<(Coordinate Before, Coordinate After)> Passes(Polygon polygon, Coordinate place)
    {
        foreach (var ring in Rings(polygon))
        {
            for (var i = 0; i < ring.Length - 1; i++)
            {
                if (ring[i].Equals2D(place)) yield return (ring[i == 0 ? ring.Length - 2 : i - 1], ring[i + 1]);
            }
        }
    }

    private static IEnumerable<Coordinate[]> Rings(Polygon polygon) => polygon.Holes.Select(hole => Turned(hole, false)).Prepend(Turned(polygon.Shell, true));

    private static Coordinate[] Turned(LinearRing ring, bool left)
    {
        var corners = (Coordinate[])ring.Coordinates.Clone();
        if (ring.IsCCW != left) Array.Reverse(corners);
        return corners;
    }

    /// <summary>The polygon with the corner between two others replaced by two.</summary>
    private static Polygon Cut(Polygon polygon, Coordinate place, Coordinate before, Coordinate after, Coordinate first, Coordinate second)
    {
        var rings = Rings(polygon).Select(ring =>
        {
            var open = ring[..^1];
            var corners = new List<Coordinate>(ring.Length + 1);
            for (var i = 0; i < open.Length; i++)
            {
                if (open[i].Equals2D(place) && open[(i + open.Length - 1) % open.Length].Equals2D(before) && open[(i + 1) % open.Length].Equals2D(after)) corners.AddRange([first, second]);
                else corners.Add(open[i]);
            }

            return GeoJsonReader.Factory.CreateLinearRing([.. corners, corners[0].Copy()]);
        }).ToArray();
        return GeoJsonReader.Factory.CreatePolygon(rings[0], rings[1..]);
    }

    private static Coordinate Along(Coordinate from, Coordinate to, LatticeScale scale)
    {
        var metres = scale.Metres(Vertex(from), Vertex(to));
        var share = Math.Min(0.5, PassageMetres / metres);
        return GridVertex.Nearest(from.X + (to.X - from.X) * share, from.Y + (to.Y - from.Y) * share).ToCoordinate();
    }

    private static GridVertex Vertex(Coordinate at) => GridVertex.Nearest(at.X, at.Y);

    private static PartitionRepairResult No(string detail) => new(null, GridEditReasons.TouchesItself, detail);
}
