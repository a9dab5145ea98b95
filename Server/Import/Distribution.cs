using System.Diagnostics;
using GridMap.Server.Databases;
using Npgsql;

namespace GridMap.Server.Import;

/// <summary>
/// Spreads the people of population cells over buildings (by floor area) or grids (by shared area). Every cell's sum is kept exactly:
/// whole parts first, then one more to the largest remainders. The elderly, the children and everyone else are spread one after the other,
/// so that a building never has more elderly and children than residents. A cell without a target keeps its people to itself.
/// Buildings that bring their own figures (codes outside the step's prefix) are subtracted from their cell first.
/// </summary>
internal sealed class Distribution(DistributeStep step)
{
    private const double MetresPerFloor = 3;

    public async Task<StepReport> Run(NpgsqlConnection connection, StagingSchema schema, int number, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var shares = Sql.Trusted($"{schema.Name}.shares_{number}");
        await connection.Execute($"CREATE UNLOGGED TABLE {shares} (cell bigint, target bigint, weight double precision)", cancellation);
        await connection.Execute($"INSERT INTO {shares} {(step.To == "buildings" ? ByFloorArea() : BySharedArea())}", cancellation);
        await connection.Execute($"CREATE INDEX ON {shares} (cell)", cancellation);
        await connection.Execute($"ANALYZE {shares}", cancellation);
        var people = Sql.Trusted($"{schema.Name}.people_{number}");
        await connection.Execute($"CREATE UNLOGGED TABLE {people} (target bigint, households integer, residents integer, elderly integer, children integer)", cancellation);
        await connection.Execute($"""
            INSERT INTO {people}
            WITH cells AS ({Cells()}),
            amounts AS (
                SELECT cells.id AS cell, amount.kind, amount.people FROM cells CROSS JOIN LATERAL (VALUES
                    ('households', households), ('elderly', elderly), ('children', children), ('others', residents - elderly - children)) AS amount (kind, people)
            ),
            exact AS (
                SELECT shares.cell, shares.target, kind, people, people * weight / sum(weight) OVER (PARTITION BY shares.cell, kind) AS share
                FROM amounts JOIN {shares} AS shares ON shares.cell = amounts.cell
            ),
            whole AS (
                SELECT target, kind, floor(share)::integer AS share,
                       people - sum(floor(share)) OVER (PARTITION BY cell, kind)
                           >= row_number() OVER (PARTITION BY cell, kind ORDER BY share - floor(share) DESC, target) AS one_more
                FROM exact
            )
            SELECT target, coalesce(sum(share + one_more::integer) FILTER (WHERE kind = 'households'), 0),
                   coalesce(sum(share + one_more::integer) FILTER (WHERE kind <> 'households'), 0),
                   coalesce(sum(share + one_more::integer) FILTER (WHERE kind = 'elderly'), 0),
                   coalesce(sum(share + one_more::integer) FILTER (WHERE kind = 'children'), 0)
            FROM whole GROUP BY target
            """, cancellation);
        var (cells, updated, unchanged) = await Write(connection, people, cancellation);
        var placed = await connection.Scalar<long>($"SELECT coalesce(sum(residents), 0)::bigint FROM {people}", cancellation);
        var alone = await connection.QueryOne($"""
            SELECT count(*), coalesce(sum(residents), 0)::bigint FROM ({Cells()}) AS cells
            WHERE NOT EXISTS (SELECT FROM {shares} AS shares WHERE shares.cell = cells.id)
            """, row => (Cells: row.GetInt64(0), Residents: row.GetInt64(1)), cancellation);
        return StepReport.Skipped(step.Name, step.To, $"{placed:N0} residents placed; {alone.Cells:N0} cells with {alone.Residents:N0} residents have no {step.To}") with
        {
            Read = cells,
            Updated = updated,
            Unchanged = unchanged,
            Seconds = Math.Round(clock.Elapsed.TotalSeconds, 3),
        };
    }

    private Sql Cells()
    {
        var chosen = Sql.Of($"SELECT * FROM population_cells WHERE starts_with(code, {step.CellPrefix})");
        // A building with figures of its own has already been counted where it stands.
        return step.To == "grids"
            ? Sql.Of($"""
                SELECT id, residents, coalesce(households, 0) AS households, coalesce(elderly, 0) AS elderly, least(coalesce(children, 0), residents - coalesce(elderly, 0)) AS children
                FROM ({chosen}) AS cell
                """)
            : Sql.Of($"""
                SELECT id, left_over.residents, left_over.households, least(left_over.elderly, left_over.residents) AS elderly,
                       least(left_over.children, left_over.residents - least(left_over.elderly, left_over.residents)) AS children
                FROM ({chosen}) AS cell CROSS JOIN LATERAL (
                    SELECT greatest(0, cell.residents - coalesce(sum(own.residents), 0))::integer AS residents,
                           greatest(0, coalesce(cell.households, 0) - coalesce(sum(own.households), 0))::integer AS households,
                           greatest(0, coalesce(cell.elderly, 0) - coalesce(sum(own.elderly), 0))::integer AS elderly,
                           greatest(0, coalesce(cell.children, 0) - coalesce(sum(own.children), 0))::integer AS children
                    FROM buildings AS own
                    WHERE own.centre && cell.geom AND ST_Intersects(own.centre, cell.geom) AND NOT starts_with(own.code, {step.TargetPrefix})
                ) AS left_over
                """);
    }

    // A centre on the border of two cells belongs to the one with the lower code.
    private Sql ByFloorArea() => Sql.Of($"""
        SELECT DISTINCT ON (b.id) cell.id, b.id,
               ST_Area(b.geom::geography) * greatest(1, coalesce(b.floors, round(b.height_metres / {MetresPerFloor}), 1))
        FROM buildings AS b JOIN population_cells AS cell ON cell.geom && b.centre AND ST_Intersects(cell.geom, b.centre)
        WHERE starts_with(cell.code, {step.CellPrefix}) AND starts_with(b.code, {step.TargetPrefix}) AND b.use = ANY ({step.Uses.ToArray()})
        ORDER BY b.id, cell.code
        """);

    private Sql BySharedArea() => Sql.Of($"""
        SELECT cell.id, g.id, size.shared
        FROM grids AS g JOIN nets ON nets.id = g.net_id AND nets.code = 'base'
        JOIN population_cells AS cell ON cell.geom && g.geom
        CROSS JOIN LATERAL (SELECT ST_Area(ST_Intersection(cell.geom, g.geom)::geography) AS shared) AS size
        WHERE starts_with(cell.code, {step.CellPrefix}) AND starts_with(g.code, {step.TargetPrefix}) AND g.valid_to = 'infinity' AND g.kind <> 'special' AND size.shared > 0
        """);

    private async Task<(long Cells, long Updated, long Unchanged)> Write(NpgsqlConnection connection, Sql people, CancellationToken cancellation)
    {
        var figures = step.To == "grids" ? "residents, households" : "residents, households, elderly, children";
        // A city that counts no households leaves a grid's households unknown, rather than zero.
        var counted = step.To == "grids"
            ? Sql.Of($"SELECT target, residents, CASE WHEN (SELECT bool_or(households IS NOT NULL) FROM population_cells WHERE starts_with(code, {step.CellPrefix})) THEN households END AS households FROM {people}")
            : Sql.Of($"SELECT * FROM {people}");
        var from = Sql.Of($"{Sql.Trusted(step.To)} AS t JOIN ({counted}) AS p ON p.target = t.id");
        string Row(string alias) => string.Join(", ", figures.Split(", ").Select(figure => $"{alias}.{figure}"));
        var differs = Sql.Trusted($"ROW({Row("t")}) IS DISTINCT FROM ROW({Row("p")})");
        var all = await connection.Scalar<long>($"SELECT count(*) FROM {from}", cancellation);
        var changing = await connection.Scalar<long>($"SELECT count(*) FROM {from} WHERE {differs}", cancellation);
        if (changing > 0)
        {
            await connection.Execute($"SELECT set_config('gridmap.bulk', {(changing >= 1000 ? "on" : "off")}, true)", cancellation);
            await connection.Execute($"""
                UPDATE {Sql.Trusted(step.To)} AS t SET ({Sql.Trusted(figures)}) = ROW ({Sql.Trusted(Row("p"))})
                FROM ({counted}) AS p WHERE p.target = t.id AND {differs}
                """, cancellation);
        }
        var cells = await connection.Scalar<long>($"SELECT count(*) FROM population_cells WHERE starts_with(code, {step.CellPrefix})", cancellation);
        return (cells, changing, all - changing);
    }
}
