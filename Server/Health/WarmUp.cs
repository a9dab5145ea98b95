using System.Diagnostics;
using System.Globalization;
using GridMap.Geo.Tiles;
using GridMap.Server.Databases;
using GridMap.Server.Layers;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace GridMap.Server.Health;

/// <summary>
/// Asks the everyday questions once itself, over HTTP: while the layers are loaded, when PostGIS answers, and again when memory does. What each way needs is then
/// compiled, connected and planned, and nobody has to wait for it: neither the first visitor nor those who ask while a layer is read anew.
/// </summary>
public sealed partial class WarmUp(IServer server, IHostApplicationLifetime lifetime, Database database, LayerCatalog layers, LayerCopies copies, ILogger<WarmUp> logger) : BackgroundService
{
    private const int Zoom = 14;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5), LookEvery = TimeSpan.FromMilliseconds(200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using var once = lifetime.ApplicationStarted.Register(started.SetResult);
        try
        {
            await started.Task.WaitAsync(stoppingToken);
            if (Own(server.Features.Get<IServerAddressesFeature>()) is not { } address) return; // not a server that can be asked over the network
            using var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
            http.DefaultRequestHeaders.UserAgent.ParseAdd("GridMap-warm-up");
            var watch = Stopwatch.StartNew();
            if (await Middle(stoppingToken) is not { } middle) return; // an empty city
            // PostGIS answers now. Little is asked, because the layers shall be in memory soon: a place on every connection that is kept, and all that is asked of one layer.
            var place = string.Create(CultureInfo.InvariantCulture, $"/api/locate?lon={middle.Lon:0.######}&lat={middle.Lat:0.######}");
            await Parallel.ForEachAsync(Enumerable.Repeat(place, DatabaseAddress.KeptConnections), new ParallelOptions { MaxDegreeOfParallelism = DatabaseAddress.KeptConnections, CancellationToken = stoppingToken }, (path, stop) => Ask(http, path, stop));
            foreach (var path in Questions(layers.All.First(), middle)) await Ask(http, path, stoppingToken);
            while (copies.Layers.Any(layer => layer.Reason == FollowedLayer.Loading) && watch.Elapsed < Patience) await Task.Delay(LookEvery, stoppingToken);
            foreach (var path in layers.All.SelectMany(layer => Questions(layer, middle)).Append(place)) await Ask(http, path, stoppingToken);
            Warm(logger, watch.Elapsed.TotalSeconds);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops before it is warm.
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or Npgsql.NpgsqlException or TimeoutException or IOException)
        {
            Cold(logger, exception.Message);
        }
    }

    // Where the server hears itself: on an address of its own it would be a stranger who needs a key.
    private static Uri? Own(IServerAddressesFeature? feature) => feature?.Addresses.Select(text => text.Replace("//+", "//127.0.0.1", StringComparison.Ordinal).Replace("//*", "//127.0.0.1", StringComparison.Ordinal)
            .Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal).Replace("//[::]", "//127.0.0.1", StringComparison.Ordinal))
        .Select(text => Uri.TryCreate(text, UriKind.Absolute, out var address) ? address : null).FirstOrDefault(address => address is { Scheme: "http", IsLoopback: true });

    private async Task<(double Lon, double Lat)?> Middle(CancellationToken cancellation) => await database.QueryOne($"""
        SELECT ST_X(place), ST_Y(place) FROM (SELECT ST_Centroid(ST_Extent(geom)) AS place FROM areas) AS city WHERE place IS NOT NULL
        """, row => ((double Lon, double Lat)?)(row.GetDouble(0), row.GetDouble(1)), cancellation);

    private static string[] Questions(Layer layer, (double Lon, double Lat) at)
    {
        var (column, row) = TileMatrixSet.WebMercatorQuad.TileAt(Zoom, at.Lon, at.Lat);
        var items = $"/ogc/collections/{layer.Name}/items";
        return [$"{items}?limit=10", string.Create(CultureInfo.InvariantCulture, $"{items}?bbox={at.Lon - 0.01:0.####},{at.Lat - 0.01:0.####},{at.Lon + 0.01:0.####},{at.Lat + 0.01:0.####}&limit=1000"),
            $"{items}/1?f=json", $"/tiles/{layer.Name}/{Zoom}/{column}/{row}.mvt"];
    }

    // An answer such as 404 has warmed, too; one that reading needs a key has not.
    private static async ValueTask Ask(HttpClient http, string path, CancellationToken cancellation)
    {
        using var answer = await http.GetAsync(path, cancellation);
        await answer.Content.CopyToAsync(Stream.Null, cancellation);
        if (answer.StatusCode == System.Net.HttpStatusCode.Unauthorized) throw new HttpRequestException("reading needs a key here");
    }

    [LoggerMessage(80, LogLevel.Information, "Warm: the everyday questions have been asked, after {Seconds:0.0} s")]
    private static partial void Warm(ILogger logger, double seconds);

    [LoggerMessage(81, LogLevel.Information, "Not warmed, the first visitors wait a little longer: {Reason}")]
    private static partial void Cold(ILogger logger, string reason);
}
