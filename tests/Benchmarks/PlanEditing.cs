using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace GridMap.Benchmarks;

/// <summary>
/// A planner at work over HTTP, on one connection: corners moved, grids split and undone in a plan, each answer with figures and faults of what was touched; then the whole plan
/// checked. It writes a plan and a key, and takes both away.
/// </summary>
public static class PlanEditing
{
    private const int Moves = 200, Splits = 60, Checks = 5;

    private const string Mark = "bench plan";

    public static async Task Measure(NpgsqlDataSource database, ServerProcess server)
    {
        Console.WriteLine("\nA plan edited over HTTP\n\n| Request | p50 ms | p95 ms | longest ms | Server CPU ms | Database CPU ms | Of |\n|---|---|---|---|---|---|---|");
        var key = "gm_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        var cpu = await PostgresCpu.Of(database);
        using var http = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(10) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        try
        {
            await Run(database, $"INSERT INTO api_keys (name, prefix, role, created_by, key_hash) VALUES ('{Mark}', '{key[..8]}', 'planner', '{Mark}', '\\x{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}')");
            foreach (var (level, what) in new[] { ("street", "one street"), ("city", "the whole city") }) await Plan(database, server, cpu, http, level, what);
        }
        finally
        {
            await Run(database, $"DELETE FROM plans WHERE name = '{Mark}'");
            await Run(database, $"DELETE FROM api_keys WHERE name = '{Mark}'");
        }
    }

    private static async Task Plan(NpgsqlDataSource database, ServerProcess server, PostgresCpu cpu, HttpClient http, string level, string what)
    {
        var area = Convert.ToInt64(await One(database, $"SELECT id FROM areas WHERE level = '{level}' ORDER BY ST_Area(geom) DESC LIMIT 1"), CultureInfo.InvariantCulture);
        var (status, begun) = await Ask(http, "/api/plans", JsonSerializer.Serialize(new { name = Mark, areaId = area, repair = true }));
        if (status != 201)
        {
            Console.WriteLine($"| {what} | | | | | | no plan: {begun.GetProperty("code").GetString()} |");
            return;
        }
        var plan = $"/api/plans/{begun.GetProperty("id").GetInt64()}";
        var grids = JsonDocument.Parse(await http.GetStringAsync($"{plan}/grids")).RootElement.GetProperty("items").EnumerateArray().ToList();
        var of = $"{what}, {grids.Count} grids";
        var corners = Corners(grids);
        var meter = new Meter(server, cpu);
        for (var i = 0; meter.Count < Moves && i < corners.Count; i++)
        {
            var (x, y) = corners[(int)((long)i * 7919 % corners.Count)];
            await meter.Time(() => Ask(http, $"{plan}/edits", string.Create(CultureInfo.InvariantCulture, $$"""{"type":"move-vertex","at":[{{x}},{{y}}],"target":[{{x + 0.00001}},{{y}}] }""")));
        }
        meter.Row($"a corner moved, {of}");
        var (splits, undos) = (new Meter(server, cpu), new Meter(server, cpu));
        for (var i = 0; splits.Count < Splits && i < grids.Count; i++)
        {
            var grid = grids[i];
            var box = grid.GetProperty("bbox").EnumerateArray().Select(number => number.GetDouble()).ToArray();
            double x = (box[0] + box[2]) / 2, far = box[3] - box[1];
            var split = string.Create(CultureInfo.InvariantCulture, $$"""{"type":"split","grids":["{{grid.GetProperty("key").GetString()}}"],"geometry":{"type":"LineString","coordinates":[[{{x}},{{box[1] - far}}],[{{x}},{{box[3] + far}}]] } }""");
            if (await splits.Time(() => Ask(http, $"{plan}/edits", split))) await undos.Time(() => Ask(http, $"{plan}/undo", "{}"));
        }
        splits.Row($"a grid split, {of}");
        undos.Row("undone");
        var check = new Meter(server, cpu);
        for (var i = 0; i < Checks; i++) await check.Time(async () => (200, JsonDocument.Parse(await http.GetStringAsync($"{plan}/check")).RootElement));
        check.Row($"the whole plan checked, {of}");
        var list = new Meter(server, cpu);
        for (var i = 0; i < Checks; i++) await list.Time(async () => (200, JsonDocument.Parse(await http.GetStringAsync($"{plan}/grids")).RootElement));
        list.Row($"all grids with figures, {of}");
    }

    // Between two grids or more, so that they may move.
    private static List<(double X, double Y)> Corners(List<JsonElement> grids)
    {
        var met = new Dictionary<(double, double), int>();
        foreach (var grid in grids)
        {
            foreach (var corner in grid.GetProperty("geometry").GetProperty("coordinates")[0].EnumerateArray().Select(at => (at[0].GetDouble(), at[1].GetDouble())).Distinct()) met[corner] = met.GetValueOrDefault(corner) + 1;
        }
        return [.. met.Where(corner => corner.Value > 1).Select(corner => corner.Key).Order()];
    }

    private static async Task<(int Status, JsonElement Answer)> Ask(HttpClient http, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(path, content);
        return ((int)response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    private static async Task<object?> One(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private static async Task Run(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Times of requests that were answered as wanted, with the processor time of server and database over all of them.</summary>
    private sealed class Meter(ServerProcess server, PostgresCpu cpu)
    {
        private readonly List<double> _times = [];
        private TimeSpan _server, _database;

        public int Count => _times.Count;

        public async Task<bool> Time(Func<Task<(int Status, JsonElement Answer)>> ask)
        {
            var (before, behind, clock) = (server.CpuTime, cpu.Spent, Stopwatch.StartNew());
            var (status, answer) = await ask();
            var spent = clock.Elapsed.TotalMilliseconds;
            // A corner of the outer border does not move, and not every line cuts.
            if (status == 409) return false;
            if (status >= 400) throw new InvalidOperationException(answer.GetRawText());
            _times.Add(spent);
            _server += server.CpuTime - before;
            _database += cpu.Spent - behind;
            return true;
        }

        public void Row(string request)
        {
            if (Count == 0) return;
            _times.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {request} | {_times[Count / 2]:0.0} | {_times[Math.Min(Count - 1, Count * 95 / 100)]:0.0} | {_times[^1]:0} | {_server.TotalMilliseconds / Count:0.0} | {_database.TotalMilliseconds / Count:0.0} | {Count} |"));
        }
    }
}
