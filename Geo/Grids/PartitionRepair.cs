using GridMap.Geo.GeoJson;
using NetTopologySuite.Geometries;

namespace GridMap.Geo.Grids;

/// <summary>The grids that a repair draws anew, by index; or a named reason.</summary>
/// <param name="Grids">Null when refused.</param>
/// <param name="Reason">One of <see cref="GridEditReasons"/>; null when done.</param>
/// <param name="Detail">For a person; null when done.</param>
public sealed record PartitionRepairResult(IReadOnlyDictionary<int, Polygon>? Grids, string? Reason, string? Detail);

/// <summary>Turns faulty sets of polygons into partitions, fault by fault.</summary>
/// <remarks>
/// Gaps go to a neighbour, overlaps stay with one of their grids, what lies outside the parent is cut off, borders that lack a vertex get it, and where a grid
/// touches itself in a point a passage of a metre is opened at a neighbour's corner. Only grids
/// around the fault are redrawn; noding rounds crossings to the lattice, so a border may move by half a step (5 mm) there.
/// </remarks>
public static class PartitionRepair
{
    private const int ParentOwner = int.MaxValue;
    private const int MostVertices = 200_000;

    /// <summary>
    /// Whether a repair takes nothing from anybody that he would miss: a vertex that a border lacks, a gap or overlap of one border drawn twice. A touching
    /// point is as harmless, but not every one can be opened: <see cref="Repair"/> tells.
    /// </summary>
    public static bool IsSafe(GridFault fault) => fault.Reason is GridFaultReasons.MismatchedEdge or GridFaultReasons.SliverGap or GridFaultReasons.SliverOverlap or GridFaultReasons.NarrowGap
        || (fault.Reason == GridFaultReasons.OutsideParent && fault.WidthMetres < PartitionLimits.Default.SliverWidthMetres);

    /// <summary>Repairs one fault.</summary>
    /// <param name="parent">What the grids should tile; null when there is none.</param>
    /// <param name="grids">All grids; unaltered.</param>
    /// <param name="fault">As <see cref="GridPartition.Faults"/> found it in these very grids.</param>
    /// <param name="winner">Who gets a gap or keeps an overlap; null for the grid with the longest border around the place.</param>
    public static PartitionRepairResult Repair(Geometry? parent, IReadOnlyList<Geometry> grids, GridFault fault, int? winner = null)
    {
        if (fault.Reason == GridFaultReasons.SelfTouching) return PinchRepair.Repair(grids, fault);
        if (fault.Reason is not (GridFaultReasons.Gap or GridFaultReasons.SliverGap or GridFaultReasons.NarrowGap or GridFaultReasons.Overlap or GridFaultReasons.SliverOverlap
            or GridFaultReasons.OutsideParent or GridFaultReasons.MismatchedEdge))
            return No(GridEditReasons.NothingChanges, $"{fault.Reason} is repaired by hand");
        var window = fault.Place.EnvelopeInternal.Copy();
        window.ExpandBy(2e-6);
        var near = Enumerable.Range(0, grids.Count).Where(i => grids[i].EnvelopeInternal.Intersects(window)).ToArray();
        if (winner is { } chosen && !near.Contains(chosen)) return No(GridEditReasons.NotNeighbours, $"grid {chosen} is not at the place of the fault");
        var segments = new List<NodedSegment>();
        foreach (var i in near)
        {
            if (GridShape.Parts(grids[i]) is not { } parts || parts.Sum(part => part.NumPoints) + segments.Count > MostVertices) return No(GridEditReasons.TooManyVertices, $"at most {MostVertices} vertices");
            foreach (var part in parts) Add(segments, part, i);
        }

        foreach (var part in parent is null ? [] : GridShape.Parts(parent) ?? []) Add(segments, part, ParentOwner);
        if (segments.Count == 0) return No(GridEditReasons.NothingChanges, "no grid is at the place of the fault");
        var scale = LatticeScale.At(segments[0].A);
        var noding = new SegmentNoding(scale, 0, 0);
        // Narrow gaps that are open at an end are closed by drawing the nearer vertices together first.
        if (fault.Reason == GridFaultReasons.NarrowGap) Close(segments, scale, fault.WidthMetres * 1.5 + 0.02, window);
        if (noding.Node(segments, false, []) is not { } noded) return No(noding.Trouble!.Value.Reason, noding.Trouble.Value.Detail);
        var arrangement = new Arrangement(noded);
        return Redrawn(Assign(arrangement, scale, parent is not null, fault.Place, window, winner), arrangement, grids, near);
    }

    /// <summary>Who has each piece afterwards: for all but the repaired place, whoever has it now.</summary>
    private static int[][] Assign(Arrangement arrangement, LatticeScale scale, bool hasParent, Geometry place, Envelope window, int? winner)
    {
        var pieces = arrangement.Pieces;
        var owners = pieces.Select(piece => piece.Owners.Where(owner => owner != ParentOwner).ToArray()).ToArray();
        var borders = arrangement.Borders(scale);
        var boxes = arrangement.Boxes();
        for (var p = 1; p < pieces.Count; p++)
        {
            if (!window.Contains(boxes[p]) || !IsThere(p)) continue;
            var inside = !hasParent || pieces[p].Owners.Contains(ParentOwner);
            if (!inside) owners[p] = [];
            else if (owners[p].Length != 1) owners[p] = Winner(p) is { } to ? [to] : owners[p];
        }

        return owners;

        // Other faults in the same window are not this one's. Noding moves corners by up to a step.
        bool IsThere(int piece)
        {
            if (place.Dimension != Dimension.Surface) return true;
            var rings = arrangement.RingsOf(piece).Select(ring => place.Factory.CreateLinearRing(Array.ConvertAll(ring, vertex => vertex.ToCoordinate()))).ToArray();
            return place.Factory.CreatePolygon(rings[0], rings[1..]).InteriorPoint.Distance(place) < 2e-7;
        }

        int? Winner(int piece)
        {
            if (winner is { } chosen && (owners[piece].Length == 0 || owners[piece].Contains(chosen))) return chosen;
            var metres = new SortedDictionary<int, double>();
            foreach (var ((a, b), length) in borders)
            {
                if (a != piece && b != piece) continue;
                // Of an overlap the parties, of a gap the neighbours, each by its undisputed land alongside.
                foreach (var owner in pieces[a == piece ? b : a].Owners.Where(owner => owner != ParentOwner && (owners[piece].Length == 0 || owners[piece].Contains(owner))))
                    metres[owner] = metres.GetValueOrDefault(owner) + length;
            }

            return metres.Count > 0 ? metres.MaxBy(pair => pair.Value).Key : owners[piece].Length > 0 ? owners[piece][0] : null;
        }
    }

    private static PartitionRepairResult Redrawn(int[][] owners, Arrangement arrangement, IReadOnlyList<Geometry> grids, int[] near)
    {
        var redrawn = new Dictionary<int, Polygon>();
        foreach (var grid in near)
        {
            var faceOf = Array.ConvertAll(owners, list => list.Contains(grid) ? grid : ArcPartition.Outside);
            var chains = ArcChains.Of(arrangement.Dissolve(faceOf), _ => false);
            if (chains.Count == 0) return No(GridEditReasons.NoAreaLeft, $"nothing would be left of grid {grid}");
            var arcs = chains.Select((chain, id) => new Arc(id, chain.Vertices, chain.Left, chain.Right)).ToDictionary(arc => arc.Id);
            var face = new ArcFace(grid, 0, [.. arcs.Keys.Order()]);
            if (face.Link(arcs, out _) is not { } rings) return No(GridEditReasons.TouchesItself, $"grid {grid} would touch itself in a point");
            if (FaceCheck.Fault(rings) is { } fault) return No(fault.Reason, fault.Detail);
            var polygon = face.Polygon(arcs);
            if (!polygon.Normalized().EqualsExact((grids[grid] is MultiPolygon { NumGeometries: 1 } one ? one.GetGeometryN(0) : grids[grid]).Normalized())) redrawn.Add(grid, polygon);
        }

        return redrawn.Count == 0 ? No(GridEditReasons.NothingChanges, "nothing would change") : new(redrawn, null, null);
    }

    private static void Close(List<NodedSegment> segments, LatticeScale scale, double reachMetres, Envelope window)
    {
        var moved = new Dictionary<GridVertex, GridVertex>();
        var vertices = segments.Select(segment => segment.A).Distinct().Where(vertex => window.Contains(vertex.ToCoordinate())).Order().ToArray();
        foreach (var vertex in vertices)
        {
            foreach (var other in vertices)
            {
                if (other < vertex && !moved.ContainsKey(other) && scale.Metres(vertex, other) <= reachMetres) moved.TryAdd(vertex, other);
            }
        }

        for (var i = 0; i < segments.Count; i++)
            segments[i] = segments[i] with { A = moved.GetValueOrDefault(segments[i].A, segments[i].A), B = moved.GetValueOrDefault(segments[i].B, segments[i].B) };
        segments.RemoveAll(segment => segment.A == segment.B);
    }

    private static void Add(List<NodedSegment> segments, Polygon polygon, int owner)
    {
        foreach (var ring in polygon.Holes.Prepend(polygon.Shell))
        {
            var run = Array.ConvertAll(ring.Coordinates, at => GridVertex.Nearest(GeoJsonReader.Snap(at.X), GeoJsonReader.Snap(at.Y)));
            if (ArcFace.DoubleArea(run) > 0 != (ring == polygon.Shell)) Array.Reverse(run);
            for (var i = 1; i < run.Length; i++)
            {
                if (run[i] != run[i - 1]) segments.Add(new(run[i - 1], run[i], owner));
            }
        }
    }

    private static PartitionRepairResult No(string reason, string detail) => new(null, reason, detail);
}
