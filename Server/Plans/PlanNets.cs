using GridMap.Geo.GeoJson;
using GridMap.Geo.Grids;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using NetTopologySuite.Geometries;
using Npgsql;

namespace GridMap.Server.Plans;

/// <summary>Other nets over the same land (多网并立): held against a draft, and their borders as lines along which one net can be drawn from all.</summary>
internal static class PlanNets
{
    private const int MostGrids = 20_000, MostCorners = 1_000;

    // A corner on a border is rounded to the lattice.
    private const double LatticeDegrees = 1.5e-7;

    private static readonly GeometryFactory Factory = new(new PrecisionModel(), 4326);

    private sealed record Cell(string Code, Geometry Boundary);

    public static string[] Codes(string nets) => [.. nets.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct()];

    /// <summary>Borders of the draft and of the nets at its date, each stretch once, by how many have it.</summary>
    public static async Task<List<DividingLine>> Lines(NpgsqlConnection connection, string nets, Plan plan, Envelope box, IReadOnlyList<Polygon> draft, CancellationToken cancellation)
    {
        var agree = new Dictionary<(Coordinate, Coordinate), int>();
        foreach (var edge in draft.SelectMany(Edges).Distinct()) agree[edge] = 1;
        foreach (var code in Codes(nets))
        {
            if (!await connection.Scalar<bool>($"SELECT EXISTS (SELECT FROM nets WHERE code = {code})", cancellation)) throw Refused.Field("nets", "net.unknown", "codes of nets with commas between");
            var cells = await Cells(connection, code, plan, box, cancellation);
            foreach (var edge in cells.SelectMany(cell => Edges(cell.Boundary)).Distinct()) agree[edge] = agree.GetValueOrDefault(edge) + 1;
        }
        return [.. agree.OrderBy(pair => pair.Key.Item1).ThenBy(pair => pair.Key.Item2).Select(pair => new DividingLine(Factory.CreateLineString([pair.Key.Item1, pair.Key.Item2]),
            pair.Value switch { 1 => BorderKind.Street, 2 => BorderKind.Arterial, _ => BorderKind.Barrier }))];
    }

    public static async Task<PlanNet> Hold(NpgsqlConnection connection, string code, Plan plan, PlanDraft draft, CancellationToken cancellation)
    {
        int[] faces = [.. draft.Partition.Faces];
        Polygon[] grids = [.. faces.Select(draft.Partition.PolygonOf)];
        var box = new Envelope();
        foreach (var grid in grids) box.ExpandToInclude(grid.EnvelopeInternal);
        var name = await connection.QueryOne($"SELECT name FROM nets WHERE code = {code}", row => row.GetString(0), cancellation) ?? throw Refused.Field("net", "net.unknown", "the code of a net");
        var all = await Cells(connection, code, plan, box, cancellation);
        var moves = await PlanComparisons.Moves(connection, [.. all.Select(cell => Wkb.Write(cell.Boundary))], [.. grids.Select(Wkb.Write)], cancellation);
        // What only comes near the plan's area has nothing to do with it.
        int[] met = [.. moves.Select(move => move.Old).Distinct().Order()];
        Geometry[] cells = [.. met.Select(i => all[i].Boundary)];
        var matrix = NetMatrix.Of(cells, grids, draft.Partition.Plane, PlanComparisons.CrumbSquareMetres, cancellation);
        var own = grids.SelectMany(Edges).Distinct().SelectMany(edge => ((Coordinate, Coordinate)[])[edge, (edge.Item2, edge.Item1)]).ToLookup(edge => edge.Item1, edge => edge.Item2);
        LineString[] others = [.. cells.SelectMany(Edges).Distinct().Where(edge => !RunsAlong(own, edge.Item1, edge.Item2)).Select(edge => Factory.CreateLineString([edge.Item1, edge.Item2]))];
        var apart = others.Sum(line => Metres(line, draft.Partition.Plane));
        var shares = matrix.Overlaps.ToDictionary(overlap => (met[overlap.A], overlap.B));
        return new(code, name, met.Length, matrix.Nested, matrix.BorderMetres, Math.Max(0, matrix.BorderMetres - apart),
            [.. moves.Select(move => (move, shared: shares.GetValueOrDefault((move.Old, move.New)))).Select(row => new PlanNetShare(all[row.move.Old].Code, draft.Key(faces[row.move.New]), row.move.SquareMetres,
                row.shared.ShareOfA, row.shared.ShareOfB, row.move.Households, row.move.Residents, row.move.OpenIncidents))],
            others.Length == 0 ? null : PlanFigures.GeoJson(Factory.CreateMultiLineString(others)));
    }

    /// <summary>Whether a stretch is a border of the draft: in one piece, or with corners more where other borders of the draft begin.</summary>
    private static bool RunsAlong(ILookup<Coordinate, Coordinate> own, Coordinate from, Coordinate to)
    {
        var at = from;
        for (var step = 0; step < MostCorners && !at.Equals2D(to); step++)
        {
            var left = at.Distance(to);
            if (own[at].Where(next => next.Distance(to) < left && NetTopologySuite.Algorithm.DistanceComputer.PointToSegment(next, from, to) <= LatticeDegrees).MinBy(next => next.Distance(to)) is not { } nearest) return false;
            at = nearest;
        }
        return at.Equals2D(to);
    }

    private static double Metres(LineString line, Geo.Projections.MetricPlane plane)
    {
        var (ax, ay) = plane.ToMetres(line.StartPoint.X, line.StartPoint.Y);
        var (bx, by) = plane.ToMetres(line.EndPoint.X, line.EndPoint.Y);
        return double.Hypot(ax - bx, ay - by);
    }

    private static Task<List<Cell>> Cells(NpgsqlConnection connection, string code, Plan plan, Envelope box, CancellationToken cancellation) => connection.Query($"""
        SELECT grids.code, ST_AsBinary(grids.geom) FROM grids JOIN nets ON nets.id = grids.net_id
        WHERE nets.code = {code} AND kind = 'base' AND valid_from <= {plan.BaseAt} AND valid_to > {plan.BaseAt}
          AND grids.geom && ST_MakeEnvelope({box.MinX}, {box.MinY}, {box.MaxX}, {box.MaxY}, 4326) ORDER BY grids.code LIMIT {MostGrids}
        """, row => new Cell(row.GetString(0), Wkb.Read(row.GetFieldValue<byte[]>(1))), cancellation);

    private static IEnumerable<(Coordinate, Coordinate)> Edges(Geometry grid)
    {
        for (var part = 0; part < grid.NumGeometries; part++)
        {
            var polygon = (Polygon)grid.GetGeometryN(part);
            foreach (var ring in polygon.Holes.Prepend(polygon.Shell))
            {
                for (var i = 1; i < ring.NumPoints; i++)
                {
                    Coordinate a = ring.GetCoordinateN(i - 1), b = ring.GetCoordinateN(i);
                    yield return a.CompareTo(b) < 0 ? (a, b) : (b, a);
                }
            }
        }
    }
}
