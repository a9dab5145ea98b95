using System.Collections.Concurrent;
using GridMap.Server.Databases;

namespace GridMap.Server.Layers;

/// <summary>What a layer covers in space (west, south, east, north; null when it is empty) and time; it begins at null where something has been there always.</summary>
public sealed record Extent(double[]? Box, DateTime? From, DateTime? To);

/// <summary>Extents of layers: exact, and measured once for each version of a layer.</summary>
public sealed class Extents(Database database, LayerVersions versions)
{
    private readonly ConcurrentDictionary<string, (long Version, Extent Extent)> _extents = [];

    /// <summary>West, south, east, north of what the collection holds; null when it holds nothing.</summary>
    public async Task<double[]?> BoxOf(Layer layer, CancellationToken cancellation) => (await Of(layer, cancellation)).Box;

    /// <summary>The same of some version before; null when it has not been measured yet or held nothing.</summary>
    public double[]? LastBoxOf(Layer layer) => _extents.TryGetValue(layer.Name, out var known) ? known.Extent.Box : null;

    /// <summary>What all of them cover together; null when none covers anything.</summary>
    public static double[]? Around(IEnumerable<double[]?> boxes) => boxes.OfType<double[]>().ToList() is not { Count: > 0 } some ? null
        : [some.Min(box => box[0]), some.Min(box => box[1]), some.Max(box => box[2]), some.Max(box => box[3])];

    public async Task<Extent> Of(Layer layer, CancellationToken cancellation)
    {
        var version = await versions.Of(layer, cancellation);
        if (_extents.TryGetValue(layer.Name, out var known) && known.Version == version) return known.Extent;
        var start = Sql.Trusted(layer.TimeStart ?? "NULL::timestamptz");
        var extent = await database.QueryOne(Sql.Of($"""
            SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box), first, last
            FROM (SELECT ST_Extent(t.geom) AS box, CASE WHEN bool_and(isfinite({start})) THEN min({start}) END AS first, max({start}) FILTER (WHERE isfinite({start})) AS last
                  FROM {Sql.Trusted(layer.From)}) AS whole
            """), reader => new Extent(reader.BoxOrNull(0),
                reader.TimeOrNull(4), reader.TimeOrNull(5)), cancellation);
        _extents[layer.Name] = (version, extent!);
        return extent!;
    }
}
