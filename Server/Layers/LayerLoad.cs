using System.Data;
using GridMap.Geo.Packed;
using GridMap.Server.Databases;
using Npgsql;

namespace GridMap.Server.Layers;

/// <summary>A copy fresh from the database and the snapshot it shows.</summary>
public sealed record LoadedLayer(LayerCopy Copy, PgSnapshot Snapshot);

/// <summary>Reads rows of a layer in PostgreSQL's binary COPY format.</summary>
public static class LayerLoad
{
    private const int RowsBetweenNews = 250_000;

    /// <param name="database">Where from.</param>
    /// <param name="layer">Which layer.</param>
    /// <param name="since">See <see cref="LayerCopy.Since"/>.</param>
    /// <param name="progress">Told the rows so far.</param>
    /// <param name="cancellation">Stops it.</param>
    public static async Task<LoadedLayer> Whole(Database database, Layer layer, DateTime? since, Action<int> progress, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        var snapshot = PgSnapshot.Parse(await connection.Scalar<string>($"SELECT pg_current_snapshot()::text", cancellation));
        // Positions are counted from the middle of the layer: most are then a byte or two shorter.
        var middle = await connection.QueryOne(Sql.Of($"""
            SELECT coalesce(round(ST_X(t.geom) * 1e7)::int8, 0), coalesce(round(ST_Y(t.geom) * 1e7)::int8, 0)
            FROM (SELECT ST_PointN(ST_Boundary(ST_Envelope(geom)), 1) AS geom FROM {Sql.Trusted(layer.Table)} LIMIT 1) AS t
            """), row => (row.GetInt64(0), row.GetInt64(1)), cancellation);
        var origin = ((int)Math.Clamp(middle.Item1, -1_800_000_000, 1_800_000_000), (int)Math.Clamp(middle.Item2, -1_800_000_000, 1_800_000_000));
        var segment = await Read(connection, layer, origin, null, since, progress, cancellation);
        await transaction.CommitAsync(cancellation);
        return new LoadedLayer(new LayerCopy(layer, 0, [Part.Of(segment)], origin) { Since = since }, snapshot);
    }

    /// <summary>Rows as the connection's transaction sees them: these ids, or all; of either those that are kept since a time.</summary>
    /// <exception cref="NotPackableException">A row that cannot be kept exactly.</exception>
    public static async Task<Segment> Read(NpgsqlConnection connection, Layer layer, (int X, int Y) origin, IReadOnlyCollection<long>? ids, DateTime? since, Action<int>? progress, CancellationToken cancellation)
    {
        var builder = new SegmentBuilder(layer, origin);
        await using var stream = await connection.BeginRawBinaryCopyAsync(CopySql.Of(layer, ids, since), cancellation);
        var reader = new CopyReader(stream);
        while (await reader.Next(cancellation))
        {
            builder.Add(reader);
            if (builder.Count % RowsBetweenNews == 0) progress?.Invoke(builder.Count);
        }
        return builder.Build();
    }
}
