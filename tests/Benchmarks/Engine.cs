using System.Diagnostics;
using System.Globalization;
using GridMap.Geo.Packed;
using Npgsql;

namespace GridMap.Benchmarks;

/// <summary>How many places a second are found in their grids inside the program, without HTTP: all current grids of every net.</summary>
public static class Engine
{
    private const int Places = 4_000_000;

    public static async Task<string> Measure(NpgsqlDataSource database, Questions city)
    {
        var builder = new GeometryArenaBuilder(0, 0);
        var count = 0;
        await using (var command = database.CreateCommand("SELECT ST_AsBinary(geom, 'NDR') FROM grids WHERE now() >= valid_from AND now() < valid_to AND kind <> 'special' ORDER BY code, id"))
        await using (var rows = await command.ExecuteReaderAsync())
        {
            for (; await rows.ReadAsync(); count++) builder.Add(rows.GetFieldValue<byte[]>(0));
        }
        var arena = builder.Build();
        var raster = new PointRaster([.. Enumerable.Range(0, count).Select(i => (arena, i))]);
        var places = city.Places(Places).ToArray();
        var found = Find(raster, places); // once to warm up
        var (watch, before) = (Stopwatch.StartNew(), Environment.CpuUsage.UserTime);
        Find(raster, places);
        var (alone, nanoseconds) = (Places / watch.Elapsed.TotalSeconds, (Environment.CpuUsage.UserTime - before).TotalNanoseconds / Places);
        watch.Restart();
        Parallel.ForEach(Enumerable.Range(0, Environment.ProcessorCount), part => Find(raster, places.AsSpan(part * Places / Environment.ProcessorCount, Places / Environment.ProcessorCount)));
        var together = Places / watch.Elapsed.TotalSeconds;
        return string.Create(CultureInfo.InvariantCulture, $"Inside the program {alone / 1e6:0.0} million places a second are found on one core ({nanoseconds:0} ns of processor time each), {together / 1e6:0.0} million on {Environment.ProcessorCount} ({count:N0} boundaries of all nets; {(double)found / Places:0.00} grids a place).");
    }

    private static long Find(PointRaster raster, ReadOnlySpan<(double Lon, double Lat)> places)
    {
        var found = 0L;
        foreach (var (lon, lat) in places)
        {
            foreach (var candidate in raster.Candidates(lon, lat))
            {
                if (raster.Meets(candidate, lon, lat)) found++;
            }
        }
        return found;
    }
}
