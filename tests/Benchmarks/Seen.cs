using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace GridMap.Benchmarks;

/// <summary>How long after its commit a change made behind the server's back is in its answers.</summary>
public static class Seen
{
    private const int Changes = 200;

    public static async Task<string> Measure(NpgsqlDataSource database, ServerProcess server)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        var times = new List<double>();
        var id = (long)(await Scalar(database, "SELECT min(id) FROM buildings"))!;
        var name = (string)(await Scalar(database, $"SELECT name FROM buildings WHERE id = {id}"))!;
        try
        {
            for (var i = 0; i < Changes; i++)
            {
                var mark = $"seen-{i}-{Environment.ProcessId}";
                await Scalar(database, $"UPDATE buildings SET name = '{mark}' WHERE id = {id}");
                var committed = Stopwatch.GetTimestamp();
                while (!(await http.GetStringAsync($"/ogc/collections/buildings/items/{id}?f=json")).Contains(mark, StringComparison.Ordinal)) await Task.Delay(1);
                times.Add(Stopwatch.GetElapsedTime(committed).TotalMilliseconds);
            }
        }
        finally
        {
            await using var back = database.CreateCommand("UPDATE buildings SET name = $1 WHERE id = $2");
            back.Parameters.AddWithValue(name);
            back.Parameters.AddWithValue(id);
            await back.ExecuteNonQueryAsync();
        }
        times.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"A change by psql is seen after {times[Changes / 2]:0.0} ms (p50), {times[Changes * 99 / 100]:0.0} ms (p99), {times[^1]:0.0} ms (longest of {Changes}).");
    }

    private static async Task<object?> Scalar(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
