using System.CommandLine;
using System.Diagnostics;
using GridMap.SampleCity;
using GridMap.SampleCity.Incidents;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using Npgsql;

namespace GridMap.Server.SampleCities;

/// <summary><c>sample</c>: fills an empty database with an invented city.</summary>
public static class SampleCommand
{
    public static Command Sample()
    {
        var grids = new Option<int>("--grids") { DefaultValueFactory = _ => 812, Description = $"How many grids the city has ({CityOrder.FewestGrids} to {CityOrder.MostGrids})." };
        var seed = new Option<long>("--seed") { DefaultValueFactory = _ => (long)CityOrder.UsualSeed, Description = "Another number makes another city." };
        var ifEmpty = new Option<bool>("--if-empty") { Description = "Do nothing, and succeed, when the database holds a city already." };
        var upToDate = new Option<bool>("--up-to-date") { Description = "Move the year of incidents by whole weeks so that it ends now." };
        var command = new Command("sample", "Fill an empty database with an invented city.") { grids, seed, ifEmpty, upToDate };
        command.SetAction((parsed, cancellation) => Commands.WithDatabase(source =>
            Fill(source, parsed.GetValue(grids), unchecked((ulong)parsed.GetValue(seed)), parsed.GetValue(ifEmpty), Console.WriteLine, cancellation, parsed.GetValue(upToDate) ? DateTimeOffset.UtcNow : null)));
        return command;
    }

    /// <exception cref="Refused">The number of grids is out of range, or the database is not empty.</exception>
    public static async Task Fill(NpgsqlDataSource source, int grids, ulong seed, bool onlyIfEmpty, Action<string> say, CancellationToken cancellation,
        DateTimeOffset? endingAt = null)
    {
        if (grids is < CityOrder.FewestGrids or > CityOrder.MostGrids)
            throw new Refused(Problems.InvalidRequest, $"--grids must be from {CityOrder.FewestGrids} to {CityOrder.MostGrids}.");
        var watch = Stopwatch.StartNew();
        void Say(string text) => say($"{watch.Elapsed.TotalSeconds,6:0.0} s  {text}");
        await Migrations.Apply(source, Say, cancellation);
        await Catalogues.Load(source, cancellation);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        if (!await CityWriter.IsEmpty(connection, cancellation))
        {
            if (!onlyIfEmpty) throw new Refused(Problems.InvalidRequest, "The database holds a city already. Use an empty one, or --if-empty.");
            Say("The database holds a city already: nothing to do");
            return;
        }
        var city = CityGenerator.Generate(new(grids, seed), Say);
        if (endingAt is { } end) city = city.UpTo(end);
        Say($"Writing {city.Buildings.Count:N0} buildings, {city.Roads.Count:N0} roads, {city.IncidentCount:N0} incidents");
        await CityWriter.Write(connection, city, Say, cancellation);
        Say("Done");
    }
}
