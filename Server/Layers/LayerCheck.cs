using System.Diagnostics.Metrics;
using System.Globalization;
using Npgsql;

namespace GridMap.Server.Layers;

/// <summary>
/// Compares every copy with the database once a day (<c>GRIDMAP_SELF_CHECK</c>, a time of day in UTC, or <c>off</c>), and tells the metrics how the copies are.
/// </summary>
public sealed partial class LayerCheck : BackgroundService
{
    private readonly Meter _meter = new("GridMap");
    private readonly LayerCopies _copies;
    private readonly TimeProvider _time;
    private readonly ILogger<LayerCheck> _logger;
    private readonly TimeOnly? _at;

    public LayerCheck(LayerCopies copies, TimeProvider time, IConfiguration configuration, ILogger<LayerCheck> logger)
    {
        (_copies, _time, _logger) = (copies, time, logger);
        var text = configuration["GRIDMAP_SELF_CHECK"] ?? "19:00";
        if (text != "off")
        {
            _at = TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at
                : throw new InvalidOperationException($"GRIDMAP_SELF_CHECK must be a time of day such as 19:00, or off, not '{text}'.");
        }
        Gauge("gridmap.layer.in_memory", "1 while memory answers for the layer, 0 while PostGIS does", layer => copies.Find(layer.Layer) is null ? 0 : 1);
        Gauge("gridmap.layer.rows", "Rows in memory", layer => layer.Copy?.Count ?? 0);
        Gauge("gridmap.layer.memory", "Bytes in memory", layer => layer.Copy?.Bytes ?? 0);
        Gauge("gridmap.layer.check_differences", "Rows that the last self-check found different from the database; -1 before the first", layer => layer.Checked?.Differences ?? -1);
        _meter.CreateObservableGauge("gridmap.layers.age_milliseconds", () => copies.Age, description: "Since the last look at the change log");
    }

    /// <summary>Checks every layer that is in memory, one after the other.</summary>
    /// <returns>How many rows differed in all.</returns>
    public async Task<long> Run(CancellationToken cancellation)
    {
        var differences = 0L;
        foreach (var layer in _copies.Layers) differences += await _copies.Check(layer.Layer, cancellation) ?? 0;
        Done(_logger, differences);
        return differences;
    }

    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (_at is { } at && !stoppingToken.IsCancellationRequested)
        {
            var now = _time.GetUtcNow().UtcDateTime;
            var next = now.Date + at.ToTimeSpan();
            if (next <= now) next = next.AddDays(1);
            await Task.Delay(next - now, _time, stoppingToken);
            try
            {
                await Run(stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException or Geo.Packed.NotPackableException)
            {
                Failed(_logger, exception.Message);
            }
        }
    }

    private void Gauge(string name, string description, Func<FollowedLayer, long> value) => _meter.CreateObservableGauge(name,
        () => _copies.Layers.Select(layer => new Measurement<long>(value(layer), new KeyValuePair<string, object?>("layer", layer.Layer.Name))), description: description);

    [LoggerMessage(40, LogLevel.Information, "Self-check: {Differences} rows in memory differed from the database")]
    private static partial void Done(ILogger logger, long differences);

    [LoggerMessage(41, LogLevel.Warning, "The self-check was broken off: {Reason}")]
    private static partial void Failed(ILogger logger, string reason);
}
