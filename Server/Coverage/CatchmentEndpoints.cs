using GridMap.Geo.Coverage;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Results;
using GridMap.Server.Walking;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GridMap.Server.Coverage;

/// <summary>How much of a service there is for people, not only whether there is some.</summary>
public static class CatchmentEndpoints
{
    private static readonly Parameter<string?> Weight = Parameters.Choice("weight", ["residents", "elderly", "children"], "Who shares the capacity; residents when absent.");

    public static void MapCatchments(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/coverage/catchment", Share).About("Coverage", "Who is within reach of a service")
            .Takes([.. WalkAsked.Parameters, Weight, Parameters.AreaId, ResultFile.FormatParameter, ResultFile.ByParameter]).Reads()
            .WithSummary("How much capacity there is on foot for a thousand people, here and there").IsProcess("coverage-catchment", "Capacity on foot 步行可享容量");

    private static async Task<Results<Ok<Catchment>, FileContentHttpResult>> Share(HttpContext http, Database database, WalkingCities cities, IConfiguration configuration, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        var by = ResultFile.ByOf(ask);
        var asked = await WalkAsked.Of(ask, database, cities, cancellation);
        var weight = ask.Get(Weight) ?? "residents";
        var city = await cities.Now(cancellation);
        var (closed, unknown) = asked.Choice.Left(city);
        var facilities = asked.Choice.From(city);
        var people = city.Buildings.People;
        var counts = weight switch { "elderly" => people.Elderly, "children" => people.Children, _ => people.Residents };
        var belts = FloatingCatchment.Usual(asked.Limit);
        // Everybody shares, also beyond the area asked for: a service does not end at a border.
        var access = FloatingCatchment.Accessibility(city.Demand, counts, [.. facilities.Select(facility => (facility.At, (double)(facility.Capacity ?? 0)))], belts, cancellation);
        var sums = new SupplySums(WalkParts.For(city.Buildings), counts, access, asked.Areas);
        await using var connection = await database.Open(cancellation);
        var tree = await CoverageQueries.Areas(connection, cancellation);
        var grids = await CoverageQueries.Grids(connection, sums.Grids(), cancellation);
        var reached = 0.0;
        for (var i = 0; i < access.Length; i++)
        {
            if (access[i] > 0) reached += access[i] * counts[i];
        }
        var answer = new Catchment(asked.Choice.FacilityType, asked.Choice.Tier, asked.Choice.ServiceItem, asked.Choice.OpenAt, facilities.Count,
            facilities.Count(facility => !facility.At.IsOnNetwork), closed, unknown, facilities.Count(facility => facility.Capacity is null), asked.Limit / 1000.0, asked.Minutes, asked.Pace.Profile,
            asked.Pace.MetresPerMinute, "e2sfca", weight, [.. belts.Select(belt => new SupplyBelt(belt.Millimetres / 1000.0, belt.Weight))], city.Version,
            facilities.Sum(facility => (long)(facility.Capacity ?? 0)), Math.Round(reached, 3), sums.Total(), sums.ByLevel(tree, "street"), sums.ByLevel(tree, "community"), sums.ByGrid(grids));
        if (ResultFile.FormatOf(ask) is not { } format) return TypedResults.Ok(answer);
        return await ResultFile.Of(await CoverageLayers.Of(answer, by, connection, cancellation), format, configuration, cancellation);
    }
}

/// <summary>Adds shares up to grids, communities, streets and the whole. Every building goes into exactly one row of each list.</summary>
internal sealed class SupplySums
{
    private readonly WalkParts _parts;
    private readonly (long People, long Without, long Off, double Shares)[] _sums;
    private readonly IReadOnlySet<long>? _areas;

    public SupplySums(WalkParts parts, int[] counts, double[] access, IReadOnlySet<long>? areas)
    {
        (_parts, _areas) = (parts, areas);
        _sums = new (long, long, long, double)[parts.Keys.Count];
        for (var i = 0; i < counts.Length; i++)
        {
            ref var sum = ref _sums[parts.Of[i]];
            if (double.IsNaN(access[i]))
            {
                sum.Off += counts[i];
                continue;
            }
            sum.People += counts[i];
            if (access[i] == 0) sum.Without += counts[i];
            sum.Shares += counts[i] * access[i];
        }
    }

    private IEnumerable<int> Asked => Enumerable.Range(0, _sums.Length).Where(part => _areas is null || _areas.Contains(_parts.Keys[part].Area));

    public Supply Total() => Sum(Asked);

    public long[] Grids() => [.. Asked.Select(part => _parts.Keys[part].Grid).Distinct()];

    public List<AreaSupply> ByLevel(IReadOnlyDictionary<long, AreaStep> tree, string level) => [.. Asked
        .GroupBy(part => CoverageSums.Climb(_parts.Keys[part].Area, tree, level)).Select(area => new AreaSupply(area.Key, Sum(area))).OrderBy(area => area.Area?.Code, StringComparer.Ordinal)];

    public List<GridSupply> ByGrid(IReadOnlyDictionary<long, (string Code, string Name)> grids) => [.. Asked
        .GroupBy(part => _parts.Keys[part].Grid)
        .Select(grid => grids.TryGetValue(grid.Key, out var known) ? new GridSupply(grid.Key, known.Code, known.Name, Sum(grid)) : new GridSupply(null, null, "", Sum(grid)))
        .OrderBy(grid => grid.Code, StringComparer.Ordinal)];

    private Supply Sum(IEnumerable<int> parts)
    {
        var (people, without, off, shares) = (0L, 0L, 0L, 0.0);
        foreach (var part in parts)
        {
            people += _sums[part].People;
            without += _sums[part].Without;
            off += _sums[part].Off;
            shares += _sums[part].Shares;
        }
        return new Supply(people, without, off, people == 0 ? null : Math.Round(1000 * shares / people, 3));
    }
}
