using NetTopologySuite.Geometries;

namespace GridMap.Geo.Grids;

/// <summary>What edits may do.</summary>
public sealed record GridEditLimits
{
    public static GridEditLimits Default { get; } = new();

    /// <summary>Drawn lines go through vertices this near to where they cross a border, and begin on a border this near to their ends.</summary>
    public double SnapMetres { get; init; } = 0.5;

    /// <summary>The parent's border gets no new vertex: a line that reaches it ends on its nearest vertex, if it is this near.</summary>
    public double FixedReachMetres { get; init; } = 40;

    /// <summary>No grid may shrink below this.</summary>
    public double MinSquareMetres { get; init; } = 100;

    /// <summary>Scraps that a drawn line leaves along a border go to the neighbour with the longest common border up to this size.</summary>
    public double CrumbSquareMetres { get; init; } = 5;

    /// <summary>Of all lines or areas of one edit together.</summary>
    public int MaxVertices { get; init; } = 5_000;
}

/// <summary>Edits that take a partition and leave a partition: each alters shared borders once, for both grids.</summary>
/// <remarks>
/// An edit is done whole or not at all; a refusal has a named reason (<see cref="GridEditReasons"/>) and, where there is one, a place. The change it returns
/// names every grid whose polygon is different afterwards. The parent's border never moves. Bad input (NaN, bow-ties, spikes, a line of a
/// hundred thousand vertices) is refused in bounded time. Positions are lon, lat; drawn ones are taken to the lattice of 1e-7°.
/// Cost: by the grids touched, not by the partition.
/// </remarks>
public static partial class GridEdit
{
    /// <summary>The owner of what a person drew.</summary>
    private const int Drawn = int.MaxValue;

    private const double MostDegreesAway = 1;

    /// <summary>Cuts grids by lines, which may bend, cross each other and run on outside. The largest piece of each keeps its number, the others get new ones.</summary>
    public static GridEditResult Split(ArcPartition partition, IReadOnlyList<int> faces, IReadOnlyList<LineString> lines, GridEditLimits? limits = null)
    {
        limits ??= GridEditLimits.Default;
        if (Missing(partition, faces) is { } missing) return missing;
        var work = new Rework(partition, faces, limits);
        if (work.AddLines(lines) is { } bad) return bad;
        if (work.Cut() is { } trouble) return trouble;
        var free = partition.FreeFace;
        var faceOf = work.Owners();
        foreach (var face in faces.Distinct())
        {
            var pieces = work.PiecesOf(face);
            foreach (var piece in pieces.Where(piece => !work.IsCrumb(piece)).Skip(1)) faceOf[piece] = free++;
        }

        if (free == partition.FreeFace) return GridEditResult.No(GridEditReasons.LineDoesNotCut, "the line does not part the grid: it must run from border to border");
        return work.Finish(faceOf, free);
    }

    /// <summary>Makes one grid of several that hang together.</summary>
    public static GridEditResult Merge(ArcPartition partition, int keep, IReadOnlyList<int> others, GridEditLimits? limits = null)
    {
        int[] faces = [keep, .. others.Where(face => face != keep).Distinct()];
        if (Missing(partition, faces) is { } missing) return missing;
        if (faces.Length < 2) return GridEditResult.No(GridEditReasons.NothingChanges, "one grid alone is merged already");
        var work = new Rework(partition, faces, limits ?? GridEditLimits.Default);
        if (work.Cut() is { } trouble) return trouble;
        var faceOf = work.Owners();
        for (var piece = 0; piece < faceOf.Length; piece++)
        {
            if (faceOf[piece] != Arrangement.Nobody) faceOf[piece] = keep;
        }

        return work.Finish(faceOf, partition.FreeFace);
    }

    /// <summary>Gives what lies between the border of two grids and a line drawn from border to border to the other side. Each keeps its largest piece.</summary>
    public static GridEditResult Reshape(ArcPartition partition, int a, int b, LineString line, GridEditLimits? limits = null)
    {
        if (Missing(partition, [a, b]) is { } missing) return missing;
        if (a == b || !partition.NeighboursOf(a).Contains(b)) return GridEditResult.No(GridEditReasons.NotNeighbours, "the grids have no border in common");
        var work = new Rework(partition, [a, b], limits ?? GridEditLimits.Default);
        if (work.AddLines([line]) is { } bad) return bad;
        if (work.Cut() is { } trouble) return trouble;
        var faceOf = work.Owners();
        foreach (var (from, to) in ((int, int)[])[(a, b), (b, a)])
        {
            foreach (var piece in work.PiecesOf(from).Skip(1)) faceOf[piece] = to;
        }

        var cutsNothing = faceOf.AsSpan().SequenceEqual(work.Owners());
        var result = cutsNothing
            ? GridEditResult.No(GridEditReasons.LineMovesNoBorder, "the line cuts nothing off: it must begin and end on the border between the two grids")
            : work.Finish(faceOf, partition.FreeFace);
        return (cutsNothing || result.Reason == GridEditReasons.NothingChanges) && work.RunsAlongBorder()
            ? GridEditResult.No(GridEditReasons.LineAlongBorder, "the line runs along the border as it is: neither grid would get anything")
            : result;
    }

    /// <summary>Gives the area of polygons (blocks, buildings with their plots, anything drawn) to a grid, whoever has it now.</summary>
    public static GridEditResult Transfer(ArcPartition partition, Geometry area, int to, GridEditLimits? limits = null)
        => Missing(partition, [to]) ?? Take(partition, area, to, limits ?? GridEditLimits.Default);

    /// <summary>Draws a new grid, which takes its area from the grids it lies on; it gets the next free number.</summary>
    public static GridEditResult Draw(ArcPartition partition, Geometry area, GridEditLimits? limits = null)
        => Take(partition, area, partition.FreeFace, limits ?? GridEditLimits.Default);

    private static GridEditResult Take(ArcPartition partition, Geometry area, int to, GridEditLimits limits)
    {
        if (GridShape.Parts(area) is not { Count: > 0 } parts) return GridEditResult.No(GridEditReasons.TooFewVertices, "nothing is drawn; expected a polygon");
        if (area.NumPoints > limits.MaxVertices) return TooMany(area.NumPoints, limits);
        if (Positions(area.Coordinates, null) is { } nowhere) return nowhere;
        var there = partition.Near(area.EnvelopeInternal);
        if (there.Count == 0) return GridEditResult.No(GridEditReasons.OffTheMap, "what is drawn lies on no grid");
        var work = new Rework(partition, partition.Has(to) ? [.. there.Append(to).Distinct()] : there, limits);
        foreach (var part in parts)
        {
            foreach (var ring in part.Holes.Prepend(part.Shell))
            {
                if (work.AddRing(ring, counterclockwise: ring == part.Shell) is { } bad) return bad;
            }
        }

        if (work.Cut() is { } trouble) return trouble;
        var faceOf = work.Owners();
        var losers = new HashSet<int>();
        for (var piece = 0; piece < faceOf.Length; piece++)
        {
            if (faceOf[piece] == Arrangement.Nobody || !work.IsDrawn(piece) || faceOf[piece] == to || work.IsCrumb(piece)) continue;
            losers.Add(faceOf[piece]);
            faceOf[piece] = to;
        }

        if (losers.Count == 0) return GridEditResult.No(GridEditReasons.NothingChanges, "what is drawn is the grid's already, or no grid's");
        var parents = losers.Select(partition.ParentOf).Concat(partition.Has(to) ? [partition.ParentOf(to)] : []).Distinct().Count();
        return parents > 1
            ? GridEditResult.No(GridEditReasons.OtherParent, "what is drawn lies in more than one area")
            : work.Finish(faceOf, Math.Max(partition.FreeFace, to + 1));
    }

    private static GridEditResult? Missing(ArcPartition partition, IReadOnlyList<int> faces)
    {
        if (faces.Count == 0) return GridEditResult.No(GridEditReasons.NoSuchGrid, "no grid is named");
        foreach (var face in faces)
        {
            if (!partition.Has(face)) return GridEditResult.No(GridEditReasons.NoSuchGrid, $"there is no grid {face}");
        }

        return faces.Select(partition.ParentOf).Distinct().Count() > 1 ? GridEditResult.No(GridEditReasons.OtherParent, "the grids belong to different areas") : null;
    }

    private static GridEditResult TooMany(int count, GridEditLimits limits)
        => GridEditResult.No(GridEditReasons.TooManyVertices, $"{count} vertices; at most {limits.MaxVertices}");

    /// <summary>Whether all are places on the globe, and near the box.</summary>
    private static GridEditResult? Positions(Coordinate[] positions, Envelope? box)
    {
        foreach (var at in positions)
        {
            if (!(at.X is >= -180 and <= 180 && at.Y is >= -90 and <= 90) || (box is not null && !box.Contains(at)))
                return GridEditResult.No(GridEditReasons.OffTheMap, $"the position {at.X} {at.Y} is not near these grids");
        }

        return null;
    }
}
