using GridMap.Server.Databases;
using Npgsql;

namespace GridMap.Server.Plans;

/// <summary>On the day a published plan comes into force, buildings get their new grids. Incidents keep theirs: a case belongs to the grid of its day.</summary>
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
                SELECT settle_buildings(ST_Union(geom)) FROM grids WHERE id IN (SELECT new_grid_id FROM grid_crosswalk WHERE plan_id = {plan}) HAVING count(*) > 0
                """, cancellation);
            await connection.Execute($"UPDATE plans SET settled = true WHERE id = {plan}", cancellation);
        }
    }

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
