using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using GridMap.Server.Walking;

namespace GridMap.Server.Health;

/// <summary>Whether the process lives, whether it can serve, and what it measures.</summary>
public static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => TypedResults.Ok(new { status = "live" })).Takes();
        app.MapGet("/health/ready", Ready).Takes();
        app.MapGet("/metrics", (Metrics metrics) => TypedResults.Text(metrics.Render(), "text/plain; version=0.0.4; charset=utf-8")).Reads().Takes();
    }

    private static async Task<IResult> Ready(Database database, LayerCopies copies, WalkingCities cities, CancellationToken cancellation)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        soon.CancelAfter(TimeSpan.FromSeconds(3));
        if (!await Migrations.AreCurrent(database, soon.Token)) throw new Refused(Problems.Unavailable, "The database's migrations are not those of this program.");
        var layers = copies.Layers.Select(layer => new { name = layer.Layer.Name, from = copies.Find(layer.Layer) is null ? "postgis" : "memory", reason = layer.Reason, since = layer.Copy?.Since, rows = layer.Copy?.Count, bytes = layer.Copy?.Bytes });
        // Null until somebody has asked for a walk, or the network has been read ahead of it.
        return TypedResults.Ok(new { status = "ready", layers, walking = cities.Last?.Figures });
    }
}
