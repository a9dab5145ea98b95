using System.Diagnostics;
using System.Globalization;
using System.Text;
using GridMap.Geo.Grids;

namespace GridMap.Benchmarks;

/// <summary>The peer for proposals: METIS cuts the same blocks to as many grids, households as weights of blocks and what runs along a border as the cost of cutting there.</summary>
public static class Metis
{
    // Both ways that METIS knows: the first keeps grids whole, the second balances better.
    private static readonly string[] Ways = ["-contig -ufactor=100 -ncuts=10 -seed=1", "-ptype=rb -ufactor=50 -ncuts=20 -seed=1"];

    private static readonly string? Program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "gpmetis")).FirstOrDefault(File.Exists);

    /// <summary>Blocks of one community or city, and what lies between them.</summary>
    public sealed record Town(IReadOnlyList<DelineationBlock> Blocks, IReadOnlyList<DelineationBorder> Borders);

    public static async Task Compare(string name, IReadOnlyList<Town> towns, DelineationTarget target)
    {
        if (Program is null)
        {
            Console.WriteLine("METIS is not installed (apt-get install metis): no peer for proposals.");
            return;
        }
        Console.WriteLine($"\n{name}: the same blocks and as many grids by METIS\n\n| By | Seconds | In band | In several parts | Smallest–largest | Off the mean | Borders, km | On streets and water | Compactness |\n|---|---|---|---|---|---|---|---|---|");
        var (ours, clock) = (new List<DelineationScore>(), Stopwatch.StartNew());
        foreach (var town in towns) ours.Add(GridDelineation.Propose(town.Blocks, town.Borders, target)[0].Score);
        Row("GridMap", clock.Elapsed.TotalSeconds, ours, ours.Sum(score => score.Grids));
        foreach (var way in Ways)
        {
            var (theirs, seconds, refused) = (new List<DelineationScore>(), 0.0, 0);
            for (var i = 0; i < towns.Count; i++)
            {
                var (cut, spent) = await Cut(towns[i], ours[i].Grids, way);
                seconds += spent;
                if (cut is null) refused++;
                else theirs.Add(GridDelineation.Score(towns[i].Blocks, towns[i].Borders, cut, target));
            }
            Row($"METIS {way}{(refused > 0 ? $" ({refused} refused: not in one piece)" : "")}", seconds, theirs, ours.Sum(score => score.Grids));
        }
    }

    // Of the grids that were wanted: METIS leaves some without a block.
    private static void Row(string by, double seconds, List<DelineationScore> scores, int wanted)
    {
        double grids = scores.Sum(score => score.Grids), metres = scores.Sum(score => score.BorderMetres);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {by} | {seconds:0.00} | {scores.Sum(score => Math.Round(score.ShareInBand * score.Grids)):0} of {wanted} | {scores.Sum(score => score.NotContiguous)} | {scores.Min(score => score.Sizes.Min):0}–{scores.Max(score => score.Sizes.Max):0} | {100 * scores.Sum(score => score.Sizes.CoefficientOfVariation * score.Grids) / grids:0.0} % | {metres / 1000:0.0} | {100 * scores.Sum(score => score.OnStreets * score.BorderMetres) / metres:0.0} % | {scores.Sum(score => score.MeanCompactness * score.Grids) / grids:0.00} |"));
    }

    /// <summary>The grid of each block, null when METIS refuses the graph, and how long that took.</summary>
    private static async Task<(int[]? Cut, double Seconds)> Cut(Town town, int grids, string way)
    {
        if (grids < 2) return (new int[town.Blocks.Count], 0);
        var file = Path.GetTempFileName();
        var answer = $"{file}.part.{grids}";
        try
        {
            await File.WriteAllTextAsync(file, Graph(town));
            var start = new ProcessStartInfo(Program!, $"{way} {file} {grids}") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
            var clock = Stopwatch.StartNew();
            using var process = Process.Start(start)!;
            await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            var seconds = clock.Elapsed.TotalSeconds;
            return process.ExitCode == 0 && File.Exists(answer) ? ([.. (await File.ReadAllLinesAsync(answer)).Select(line => int.Parse(line, CultureInfo.InvariantCulture))], seconds) : (null, seconds);
        }
        finally
        {
            File.Delete(file);
            File.Delete(answer);
        }
    }

    // METIS counts blocks from 1 and weights in whole numbers.
    private static string Graph(Town town)
    {
        var beside = new SortedDictionary<int, double>[town.Blocks.Count];
        for (var i = 0; i < beside.Length; i++) beside[i] = [];
        foreach (var border in town.Borders)
        {
            var cost = Math.Max(1, 10 * border.Metres * DelineationTarget.CostPerMetre(border.Street));
            beside[border.A][border.B] = beside[border.A].GetValueOrDefault(border.B) + cost;
            beside[border.B][border.A] = beside[border.B].GetValueOrDefault(border.A) + cost;
        }
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{town.Blocks.Count} {beside.Sum(near => near.Count) / 2} 011\n"));
        for (var i = 0; i < beside.Length; i++)
            text.AppendJoin(' ', beside[i].Select(near => string.Create(CultureInfo.InvariantCulture, $"{near.Key + 1} {near.Value:0}")).Prepend(string.Create(CultureInfo.InvariantCulture, $"{town.Blocks[i].Households:0}"))).Append('\n');
        return text.ToString();
    }
}
