using GridMap.Server.Databases;
using Npgsql;

namespace GridMap.Server.Plans;

/// <summary>On the day a published plan comes into force, buildings and facilities get their new grids. Incidents keep theirs: a case belongs to the grid of its day.</summary>
public sealed class PlanSettling(Database database, ILogger<PlanSettling> log) : BackgroundService
{
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(30);

    /// <summary>All plans that are due, each by one server only.</summary>
    public static async Task Settle(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var due = await connection.Query($"""
            SELECT id FROM plans WHERE status = 'published' AND NOT settled AND effective_at <= now() ORDER BY effective_at, id FOR UPDATE SKIP LOCKED
            """, row => row.GetInt64(0), cancellation);
        foreach (var plan in due)
        {
            await connection.Execute($"""
                SELECT place_under_grids(ST_Collect(grids.geom)) FROM plans JOIN grids ON grids.net_id = plans.net_id AND plans.effective_at IN (grids.valid_from, grids.valid_to)
                WHERE plans.id = {plan} HAVING count(*) > 0
                """, cancellation);
            await connection.Execute($"UPDATE plans SET settled = true WHERE id = {plan}", cancellation);
        }
    }

    // Grids drawn or imported with a date of their own: ended ones that still have buildings, and those just begun where buildings have none.
    private static Task<int> Begun(NpgsqlConnection connection, CancellationToken cancellation) => connection.Execute($"""
        SELECT place_under_grids(ST_Collect(grids.geom)) FROM grids JOIN nets ON nets.id = grids.net_id AND nets.code = 'base'
        WHERE grids.kind <> 'special' AND (
            (grids.valid_to <= now() AND EXISTS (SELECT FROM buildings WHERE buildings.grid_id = grids.id))
            OR (grids.valid_from BETWEEN now() - interval '1 day' AND now() AND grids.valid_to > now() AND EXISTS (
                SELECT FROM buildings WHERE buildings.grid_id IS NULL AND buildings.centre && grids.geom AND ST_Intersects(grids.geom, buildings.centre))))
        HAVING count(*) > 0
        """, cancellation);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Often);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await database.Write("gridmap", async connection =>
                    {
                        await Settle(connection, stoppingToken);
                        await Begun(connection, stoppingToken);
                        return true;
                    }, stoppingToken);
                }
                catch (NpgsqlException exception)
                {
                    log.LogWarning(exception, "Plans that are due could not be settled; it is tried again");
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends.
        }
    }
}
