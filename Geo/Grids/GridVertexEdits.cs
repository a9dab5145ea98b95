using NetTopologySuite.Geometries;

namespace GridMap.Geo.Grids;

public static partial class GridEdit
{
    /// <summary>Moves a vertex, and with it every border that passes or ends there.</summary>
    public static GridEditResult MoveVertex(ArcPartition partition, Coordinate from, Coordinate to, GridEditLimits? limits = null)
    {
        if (Positions([from, to], null) is { } nowhere) return nowhere;
        GridVertex old = GridVertex.Nearest(from.X, from.Y), place = GridVertex.Nearest(to.X, to.Y);
        var at = partition.ArcsAt(old);
        if (at.Count == 0) return GridEditResult.No(GridEditReasons.NoVertexHere, "there is no vertex here", old);
        if (old == place) return GridEditResult.No(GridEditReasons.NothingChanges, "the vertex is there already", old);
        if (Math.Abs(from.X - to.X) > MostDegreesAway || Math.Abs(from.Y - to.Y) > MostDegreesAway)
            return GridEditResult.No(GridEditReasons.OffTheMap, $"more than {MostDegreesAway}° away", place);
        return at.Any(partition.IsFixed)
            ? GridEditResult.No(GridEditReasons.BorderIsFixed, "the vertex is on the outer border", old)
            : Swap(partition, at, arc => Array.ConvertAll(arc.Copy(), vertex => vertex == old ? place : vertex), limits);
    }

    /// <summary>Adds a vertex to the border nearest to a place, which is then led through it.</summary>
    /// <param name="partition">Grids.</param>
    /// <param name="at">Where the vertex will be.</param>
    /// <param name="reachMetres">How far the border may be.</param>
    /// <param name="limits">Sizes; null for the defaults.</param>
    public static GridEditResult InsertVertex(ArcPartition partition, Coordinate at, double reachMetres = 5, GridEditLimits? limits = null)
    {
        if (Positions([at], null) is { } nowhere) return nowhere;
        var place = GridVertex.Nearest(at.X, at.Y);
        var scale = LatticeScale.At(place);
        var box = new Envelope(at);
        box.ExpandBy(Math.Max(reachMetres / scale.MetresX, reachMetres / scale.MetresY) / 1e7);
        var (nearest, segment, distance) = ((Arc?)null, 0, Guard.Positive(reachMetres));
        foreach (var arc in partition.Near(box).SelectMany(partition.ArcsOf).DistinctBy(arc => arc.Id))
        {
            for (var i = 1; i < arc.Vertices.Length; i++)
            {
                var metres = scale.ToSegment(place, arc.Vertices[i - 1], arc.Vertices[i]).Metres;
                if (metres > distance || (metres == distance && nearest is not null)) continue;
                (nearest, segment, distance) = (arc, i, metres);
            }
        }

        if (nearest is null) return GridEditResult.No(GridEditReasons.NoVertexHere, $"no border within {reachMetres} m", place);
        if (partition.IsFixed(nearest)) return GridEditResult.No(GridEditReasons.BorderIsFixed, "this is the outer border", place);
        return nearest.Vertices.Contains(place)
            ? GridEditResult.No(GridEditReasons.NothingChanges, "there is a vertex here already", place)
            : Swap(partition, [nearest], arc => [.. arc.Vertices[..segment], place, .. arc.Vertices[segment..]], limits);
    }

    /// <summary>Takes a vertex out of a border; not one where three borders meet.</summary>
    public static GridEditResult DeleteVertex(ArcPartition partition, Coordinate at, GridEditLimits? limits = null)
    {
        if (Positions([at], null) is { } nowhere) return nowhere;
        var place = GridVertex.Nearest(at.X, at.Y);
        var there = partition.ArcsAt(place);
        if (there.Count == 0) return GridEditResult.No(GridEditReasons.NoVertexHere, "there is no vertex here", place);
        if (there.Any(partition.IsFixed)) return GridEditResult.No(GridEditReasons.BorderIsFixed, "the vertex is on the outer border", place);
        if (partition.IsNode(place) && !(there is [{ IsLoop: true }])) return GridEditResult.No(GridEditReasons.VertexIsNode, "borders meet here", place);
        return Swap(partition, there, arc =>
        {
            var rest = Array.FindAll(arc.Copy(), vertex => vertex != place);
            return arc.IsLoop && arc.First == place ? [.. rest, rest[0]] : rest;
        }, limits);
    }

    /// <summary>Leads the border between two grids along streets: along the shortest way on streets that keeps near it. Its ends move to the streets where they may.</summary>
    /// <param name="partition">Grids.</param>
    /// <param name="a">One grid.</param>
    /// <param name="b">Its neighbour.</param>
    /// <param name="streets">Lines that share vertices where one can turn from one into another.</param>
    /// <param name="reachMetres">How far from the old border a street may be.</param>
    /// <param name="limits">Sizes; null for the defaults.</param>
    public static GridEditResult SnapToStreets(
        ArcPartition partition, int a, int b, IReadOnlyList<LineString> streets, double reachMetres = 30, GridEditLimits? limits = null)
    {
        limits ??= GridEditLimits.Default;
        Guard.Positive(reachMetres);
        if (Missing(partition, [a, b]) is { } missing) return missing;
        var shared = partition.ArcsOf(a).Where(arc => arc.Beyond(a) == b).ToArray();
        if (shared.Length == 0) return GridEditResult.No(GridEditReasons.NotNeighbours, "the grids have no border in common");
        var vertices = streets.Sum(street => street.NumPoints);
        if (vertices > limits.MaxVertices * 20) return TooMany(vertices, limits with { MaxVertices = limits.MaxVertices * 20 });
        foreach (var street in streets)
        {
            if (Positions(street.Coordinates, null) is { } nowhere) return nowhere;
        }

        var network = new StreetCorridor(streets);
        var moved = new Dictionary<GridVertex, GridVertex>();
        var paths = new Dictionary<int, GridVertex[]>();
        foreach (var arc in shared)
        {
            network.Near(arc, reachMetres);
            GridVertex first = End(arc.First), last = End(arc.Last);
            if (network.Path(first, last) is not { } path) continue;
            GridVertex[] whole = [moved.GetValueOrDefault(arc.First, arc.First), .. path, moved.GetValueOrDefault(arc.Last, arc.Last)];
            paths[arc.Id] = [.. whole.Where((vertex, i) => i == 0 || vertex != whole[i - 1])];
        }

        if (paths.Count == 0 || paths.Values.All(path => path.Length < 2)) return GridEditResult.No(GridEditReasons.NoStreetNear, $"no street runs along the border within {reachMetres} m");
        var touched = shared.Concat(moved.Keys.SelectMany(partition.ArcsAt)).DistinctBy(arc => arc.Id).ToArray();
        return Swap(partition, touched, arc => paths.GetValueOrDefault(arc.Id) ?? Array.ConvertAll(arc.Copy(), vertex => moved.GetValueOrDefault(vertex, vertex)), limits);

        GridVertex End(GridVertex node)
        {
            if (moved.TryGetValue(node, out var known)) return known;
            if (network.Nearest(node, reachMetres) is not { } street) return node;
            if (!partition.ArcsAt(node).Any(partition.IsFixed) && partition.ArcsAt(street).Count == 0) moved[node] = street;
            return street;
        }
    }

    /// <summary>Draws the inner borders of grids with fewer vertices, each border once for both its grids; the outer border stays.</summary>
    /// <param name="partition">Grids.</param>
    /// <param name="faces">Which; borders between two of them and with their neighbours are simplified.</param>
    /// <param name="toleranceSquareMetres">Vertices go while the triangle with their neighbours is smaller (Visvalingam and Whyatt 1993).</param>
    /// <param name="limits">Sizes; null for the defaults.</param>
    public static GridEditResult Simplify(ArcPartition partition, IReadOnlyList<int> faces, double toleranceSquareMetres, GridEditLimits? limits = null)
    {
        Guard.Positive(toleranceSquareMetres);
        if (faces.Count == 0 || faces.Any(face => !partition.Has(face))) return GridEditResult.No(GridEditReasons.NoSuchGrid, "a grid that is named is not there");
        var inner = faces.SelectMany(partition.ArcsOf).DistinctBy(arc => arc.Id).Where(arc => !partition.IsFixed(arc)).OrderBy(arc => arc.Id).ToArray();
        var simplified = new ArcSimplification(partition, inner, toleranceSquareMetres).Run();
        var changed = inner.Where(arc => simplified.ContainsKey(arc.Id)).ToArray();
        return changed.Length == 0
            ? GridEditResult.No(GridEditReasons.NothingChanges, "no vertex is so small that it could go")
            : Swap(partition, changed, arc => simplified[arc.Id], limits);
    }

    private static GridEditResult Swap(ArcPartition partition, IReadOnlyList<Arc> arcs, Func<Arc, GridVertex[]> change, GridEditLimits? limits)
    {
        var chains = new List<(GridVertex[], int, int)>(arcs.Count);
        foreach (var arc in arcs)
        {
            var vertices = change(arc);
            if (vertices.Length < 2) return GridEditResult.No(GridEditReasons.NoAreaLeft, "a border would vanish", arc.First);
            chains.Add((vertices, arc.Left, arc.Right));
        }

        return partition.Replace(arcs, chains, [], [], partition.FreeFace, (limits ?? GridEditLimits.Default).MinSquareMetres);
    }
}
