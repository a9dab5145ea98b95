using System.Diagnostics;

namespace GridMap.Benchmarks;

/// <summary>What a run of one question measured.</summary>
public sealed record Measured(double PerSecond, double P50Milliseconds, double P99Milliseconds, long Requests, double BytesPerRequest);

/// <summary>A bounded load: so many askers, each asking again when it has its answer, for so many seconds.</summary>
public static class Load
{
    /// <param name="ask">Asks once, with the asker's number and how many it has asked; returns the answer's size in bytes.</param>
    public static async Task<Measured> Run(int askers, TimeSpan length, Func<int, int, Task<long>> ask)
    {
        for (var i = 0; i < askers; i++) await ask(i, 0); // plans, pools and caches of code are warm before the clock starts
        var (times, bytes) = (new List<double>[askers], new long[askers]);
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, askers).Select(asker => Task.Run(async () =>
        {
            var own = times[asker] = [];
            for (var count = 1; clock.Elapsed < length; count++)
            {
                var begun = Stopwatch.GetTimestamp();
                bytes[asker] += await ask(asker, count);
                own.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }
        })));
        var seconds = clock.Elapsed.TotalSeconds;
        var all = times.SelectMany(own => own).Order().ToArray();
        return new Measured(all.Length / seconds, Quantile(all, 0.50), Quantile(all, 0.99), all.Length, bytes.Sum() / (double)Math.Max(1, all.Length));
    }

    private static double Quantile(double[] sorted, double share) => sorted.Length == 0 ? 0 : sorted[(int)Math.Min(sorted.Length - 1, share * sorted.Length)];
}
