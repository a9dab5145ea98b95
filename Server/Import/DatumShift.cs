using GridMap.Geo.Projections;
using GridMap.Server.Databases;
using NetTopologySuite.Geometries;
using Npgsql;

namespace GridMap.Server.Import;

/// <summary>
/// Takes the shift of GCJ-02 or BD-09 out of rows that were read, in place. Neighbours that share a vertex still share it afterwards:
/// equal coordinates move equally.
/// </summary>
internal static class DatumShift
{
    private const int RowsAtOnce = 10_000;

    /// <summary><paramref name="rows"/> has a column <c>n</c> that numbers its rows, and <c>geom</c> in degrees.</summary>
    public static async Task TakeOut(NpgsqlConnection connection, Sql rows, ChinaDatum datum, CancellationToken cancellation)
    {
        if (ChinaOffset.Shift(datum, ChinaDatum.Wgs84) is not { } shift) return;
        await connection.Execute($"ALTER TABLE {rows} ADD PRIMARY KEY (n)", cancellation);
        var last = 0L;
        while (true)
        {
            var part = await connection.Query(
                $"SELECT n, ST_AsBinary(geom, 'NDR') FROM {rows} WHERE n > {last} AND geom IS NOT NULL ORDER BY n LIMIT {RowsAtOnce}",
                row => (Number: row.GetInt64(0), Geometry: row.GetFieldValue<byte[]>(1)), cancellation);
            if (part.Count == 0) return;
            last = part[^1].Number;
            var numbers = part.Select(row => row.Number).ToArray();
            var moved = part.Select(row => Moved(row.Geometry, new Move(shift))).ToArray();
            await connection.Execute($"""
                UPDATE {rows} AS r SET geom = ST_GeomFromWKB(given.wkb, 4326) FROM unnest({numbers}, {moved}) AS given (n, wkb) WHERE r.n = given.n
                """, cancellation);
        }
    }

    private static byte[] Moved(byte[] wkb, Move move)
    {
        var geometry = Wkb.Read(wkb);
        geometry.Apply(move);
        return Wkb.Write(geometry);
    }

    private sealed class Move(GridMap.Geo.GeoJson.CoordinateShift shift) : ICoordinateSequenceFilter
    {
        public bool Done => false;

        public bool GeometryChanged => true;

        public void Filter(CoordinateSequence sequence, int i)
        {
            var (lon, lat) = shift(sequence.GetX(i), sequence.GetY(i));
            sequence.SetX(i, lon);
            sequence.SetY(i, lat);
        }
    }
}
