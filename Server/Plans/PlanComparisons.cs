using GridMap.Server.Databases;
using Npgsql;

namespace GridMap.Server.Plans;

/// <summary>What changes hands between the base and the draft.</summary>
internal static class PlanComparisons
{
    // Crossings rounded to the lattice move borders by millimetres; nothing smaller than this has changed hands.
    public const double CrumbSquareMetres = 1;

    public static async Task<PlanComparison> Compare(NpgsqlConnection connection, PlanFigures figures, PlanDraft draft, Plan plan, bool withPhones, CancellationToken cancellation)
    {
        var before = draft.Claims();
        var after = draft.Changed();
        var moves = await Moves(connection, [.. before.Select(grid => Wkb.Write(grid.Boundary))], [.. after.Select(face => Wkb.Write(draft.Partition.PolygonOf(face)))], cancellation);
        var giver = moves.GroupBy(move => move.New).ToDictionary(group => group.Key, group => before[PlanDuties.Giver(group, move => move.Households, move => move.SquareMetres)!.Old].Code);
        var duties = await PlanDuties.Of(connection, plan, [.. before.Select(grid => grid.Code).Concat(after.Select(draft.BaseOf).OfType<BaseGrid>().Select(grid => grid.Code)).Distinct()], withPhones, cancellation);
        var rows = moves.Select(move => (From: before[move.Old], To: after[move.New], move)).Select(row => new PlanMove(row.From.Code, draft.Key(row.To), row.move.SquareMetres,
            row.move.Households, row.move.Residents, row.move.OpenIncidents, row.From.Face == row.To ? null : PlanFigures.GeoJson(Wkb.Read(row.move.Wkb)),
            duties.Before(row.From.Code), duties.After(draft.BaseOf(row.To)?.Code, giver[row.move.New]))).ToList();
        return new(plan.Version, draft.BaseCount, draft.Partition.FaceCount, rows.Where(row => row.From != row.To).Sum(row => row.Households), rows.Where(row => row.From != row.To).Sum(row => row.AreaSquareMetres),
            rows, await figures.Count(connection, [.. before.Select(PlanFigures.Of)], plan, draft.Partition.Plane, true, cancellation),
            await figures.Count(connection, [.. after.Select(face => PlanFigures.Of(draft, face))], plan, draft.Partition.Plane, true, cancellation));
    }

    public sealed record Moved(int Old, int New, double SquareMetres, int Households, int Residents, int OpenIncidents, byte[] Wkb);

    /// <summary>Each pair with common land; a building counts by its representative point, a case by its place.</summary>
    public static Task<List<Moved>> Moves(NpgsqlConnection connection, byte[][] before, byte[][] after, CancellationToken cancellation) =>
        connection.Query($"""
            WITH old AS MATERIALIZED (SELECT n::integer - 1 AS n, ST_GeomFromWKB(wkb, 4326) AS geom FROM unnest({before}::bytea[]) WITH ORDINALITY AS given (wkb, n)),
            new AS MATERIALIZED (SELECT n::integer - 1 AS n, ST_GeomFromWKB(wkb, 4326) AS geom FROM unnest({after}::bytea[]) WITH ORDINALITY AS given (wkb, n)),
            pairs AS MATERIALIZED (
                SELECT old.n AS old, new.n AS new, old.geom AS old_geom, new.geom AS new_geom, ST_CollectionExtract(ST_Intersection(old.geom, new.geom), 3) AS geom
                FROM old JOIN new ON old.geom && new.geom AND ST_Intersects(old.geom, new.geom) AND NOT ST_Touches(old.geom, new.geom)
            ), placed AS (
                SELECT DISTINCT ON (buildings.id) old, new, households, residents FROM pairs
                JOIN buildings ON buildings.centre && pairs.geom AND ST_Intersects(buildings.centre, pairs.geom) ORDER BY buildings.id, old, new
            ), homes AS (SELECT old, new, sum(households) AS households, sum(residents) AS residents FROM placed GROUP BY old, new),
            located AS (
                SELECT DISTINCT ON (incidents.id) old, new FROM pairs JOIN incidents ON incidents.geom && pairs.geom AND ST_Intersects(incidents.geom, pairs.geom)
                WHERE closed_at IS NULL ORDER BY incidents.id, old, new
            ), cases AS (SELECT old, new, count(*) AS open FROM located GROUP BY old, new)
            SELECT old, new, ST_Area(geom::geography), coalesce(households, 0)::integer, coalesce(residents, 0)::integer, coalesce(open, 0)::integer, ST_AsBinary(geom)
            FROM pairs LEFT JOIN homes USING (old, new) LEFT JOIN cases USING (old, new)
            WHERE ST_Area(geom::geography) > {CrumbSquareMetres} ORDER BY old, new
            """, row => new Moved(row.GetInt32(0), row.GetInt32(1), row.GetDouble(2), row.GetInt32(3), row.GetInt32(4), row.GetInt32(5), row.GetFieldValue<byte[]>(6)), cancellation);
}
