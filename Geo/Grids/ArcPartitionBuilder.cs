using GridMap.Geo.Projections;
using NetTopologySuite.Geometries;

namespace GridMap.Geo.Grids;

/// <summary>A partition, or the faults for which there is none.</summary>
/// <param name="Partition">Null when there are faults.</param>
/// <param name="Faults">By the numbers of the grids as given; declared holes are counted on after the grids.</param>
public sealed record ArcPartitionResult(ArcPartition? Partition, IReadOnlyList<GridFault> Faults);

public sealed partial class ArcPartition
{
    /// <summary>Builds the arcs of polygons that tile their parent exactly; grid i becomes face i.</summary>
    /// <param name="parent">What they tile; null for whatever they cover, which then must have no hole.</param>
    /// <param name="grids">Polygons, or multipolygons of one part, on the lattice of 1e-7°.</param>
    /// <param name="plane">Where to measure.</param>
    /// <param name="parents">The area each grid belongs to, by any number; null when it is one for all. Borders between areas are fixed.</param>
    /// <param name="declaredHoles">Places that belong to no grid on purpose: a lake, a walled compound. No edit may take from them.</param>
    /// <param name="cancellationToken">Looked at while faults are worked out.</param>
    /// <exception cref="ArgumentException">The parent is not a valid polygon, as many parents as grids are not given, or a place is outside the plane.</exception>
    public static ArcPartitionResult Build(
        Geometry? parent, IReadOnlyList<Geometry> grids, MetricPlane plane, IReadOnlyList<int>? parents = null,
        IReadOnlyList<Geometry>? declaredHoles = null, CancellationToken cancellationToken = default)
    {
        if (parents is not null && parents.Count != grids.Count) throw new ArgumentException($"{parents.Count} parents for {grids.Count} grids", nameof(parents));
        Geometry[] all = [.. grids, .. declaredHoles ?? []];
        if (OffLattice(all) is { Count: > 0 } off) return new(null, off);
        // A thin grid is a pity, not a broken partition.
        var faults = GridPartition.Faults(parent, all, plane, new() { MinGridWidthMetres = 0, NoiseSquareMetres = 0 }, cancellationToken);
        if (faults.Count > 0) return new(null, faults);

        var faceOf = Enumerable.Range(0, all.Length).Select(i => i < grids.Count ? i : Outside - 1 - (i - grids.Count)).ToArray();
        var edges = new EdgeSides(all.Sum(geometry => geometry.NumPoints));
        for (var i = 0; i < all.Length; i++) edges.Add((Polygon)GridShape.Parts(all[i])![0], faceOf[i]);
        var partition = new ArcPartition(plane);
        var chains = ArcChains.Of(edges.Edges, _ => false);
        var added = chains.Select((chain, id) => new Arc(id, chain.Vertices, chain.Left, chain.Right)).ToArray();
        var made = faceOf.Select((face, i) => new FaceParent(face, i < grids.Count ? parents?[i] ?? 0 : int.MinValue)).ToArray();
        partition.Put(new([], added, made, [], [], (0, added.Length), (0, grids.Count)));
        foreach (var face in partition.faces.Values)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (face.Link(partition.arcs, out var trouble) is not null) continue;
            faults = [.. faults, new(GridFaultReasons.SelfTouching, GridPartition.Factory.CreatePoint(trouble.ToCoordinate()), 0, 0,
                [Array.IndexOf(faceOf, face.Id)], "the grid touches itself in a point")];
        }

        return faults.Count > 0 ? new(null, faults) : new(partition, []);
    }

    private static List<GridFault> OffLattice(Geometry[] grids)
    {
        var faults = new List<GridFault>();
        var box = new Envelope();
        for (var i = 0; i < grids.Length; i++)
        {
            foreach (var at in grids[i].Coordinates)
            {
                box.ExpandToInclude(at);
                if (GridVertex.Exactly(at.X, at.Y) is not null && box.Width <= MostDegrees && box.Height <= MostDegrees) continue;
                faults.Add(new(GridFaultReasons.OffLattice, GridPartition.Factory.CreatePoint(double.IsFinite(at.X) && double.IsFinite(at.Y) ? at : new Coordinate(0, 0)),
                    0, 0, [i], $"the position {at.X} {at.Y} is not on the lattice of 1e-7°, or more than {MostDegrees}° from the others"));
                break;
            }
        }

        return faults;
    }

    /// <summary>Products of differences stay exact in 64 bits up to here, by a wide margin.</summary>
    internal const double MostDegrees = 30;

    /// <summary>Each edge once, with the face to either side.</summary>
    private sealed class EdgeSides(int vertices)
    {
        private readonly Dictionary<(GridVertex, GridVertex), int> places = new(vertices / 2);

        public List<BorderEdge> Edges { get; } = new(vertices / 2);

        public void Add(Polygon polygon, int face)
        {
            Add(polygon.Shell.CoordinateSequence, face, true);
            foreach (var hole in polygon.Holes) Add(hole.CoordinateSequence, face, false);
        }

        private void Add(CoordinateSequence ring, int face, bool counterclockwise)
        {
            var run = new GridVertex[ring.Count];
            for (var i = 0; i < run.Length; i++) run[i] = GridVertex.Exactly(ring.GetX(i), ring.GetY(i))!.Value;
            if (ArcFace.DoubleArea(run) > 0 != counterclockwise) Array.Reverse(run);
            for (var i = 0; i < run.Length - 1; i++)
            {
                if (run[i] == run[i + 1]) continue;
                if (places.TryGetValue((run[i + 1], run[i]), out var place)) Edges[place] = Edges[place] with { Right = face };
                else
                {
                    places.Add((run[i], run[i + 1]), Edges.Count);
                    Edges.Add(new(run[i], run[i + 1], face, Outside));
                }
            }
        }
    }
}
