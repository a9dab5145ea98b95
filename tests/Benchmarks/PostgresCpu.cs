using System.Globalization;
using Npgsql;

namespace GridMap.Benchmarks;

/// <summary>Processor time of the PostgreSQL cluster behind a connection: of every process its postmaster started. Nothing where it runs elsewhere.</summary>
public sealed class PostgresCpu
{
    // USER_HZ is 100 on every Linux that people run.
    private const double TicksASecond = 100;

    private readonly int _postmaster;

    private PostgresCpu(int postmaster) => _postmaster = postmaster;

    public static async Task<PostgresCpu> Of(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("SELECT pg_backend_pid()");
        var backend = (int)(await command.ExecuteScalarAsync())!;
        return new(Stat($"/proc/{backend}/stat") is { } stat ? int.Parse(stat[1], CultureInfo.InvariantCulture) : -1);
    }

    public TimeSpan Spent
    {
        get
        {
            double ticks = 0;
            if (_postmaster < 0) return TimeSpan.Zero;
            foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
            {
                if (Stat($"{folder}/stat") is { } stat && stat[1] == _postmaster.ToString(CultureInfo.InvariantCulture))
                    ticks += double.Parse(stat[11], CultureInfo.InvariantCulture) + double.Parse(stat[12], CultureInfo.InvariantCulture);
            }
            return TimeSpan.FromSeconds(ticks / TicksASecond);
        }
    }

    /// <summary>What follows the name in parentheses: state, parent, …; null when there is no such process here.</summary>
    private static string[]? Stat(string file)
    {
        try
        {
            var text = File.ReadAllText(file);
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
