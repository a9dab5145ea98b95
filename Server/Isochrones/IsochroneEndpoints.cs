using GridMap.Geo.Roads;
using GridMap.Server.Access;
using GridMap.Server.Http;
using GridMap.Server.Results;
using GridMap.Server.Walking;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GridMap.Server.Isochrones;

public static class IsochroneEndpoints
{
    // Each origin by itself is a search and a picture of its own.
    private const int MostApart = 20;

    // Walks from one place are short work: as many at a time as there are processors, in the order of their coming. More would only take each other's time slices, and all be late.
    private static readonly SemaphoreSlim Turns = new(Environment.ProcessorCount);

    private static readonly Parameter<string?> Combine = Parameters.Choice("combine", ["union", "each", "nearest"],
        ($"Several places together (when absent), each by itself (at most {MostApart}), or each only where it is the nearest.", $"多个地点合并（缺省）、各自独立（最多 {MostApart} 处），或各取以其为最近的范围。"));

    private static readonly Parameter<string?> HeadingParameter = Parameters.Choice("heading", ["from", "towards"], ("Who walks from the places outwards, or from everywhere towards them (when absent: as people walk to a facility). Another answer only where a way costs more in one direction.", "从地点向外步行，或从各处向地点步行（缺省，即居民步行前往设施）。仅在道路往返代价不同处结果有别。"));

    public static void MapIsochrones(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/isochrone", Walk).About("Isochrone", "How far people get on foot")
            .Takes(Parameters.Lon, Parameters.Lat, WalkParameters.Places, WalkParameters.Minutes, Combine, HeadingParameter, Pace.ProfileParameter, Pace.MetresPerMinuteParameter, Parameters.Coord, ResultFile.FormatParameter, TiledQuestions.TileParameter).Reads()
            .WithSummary("Who and what is within a walk of one or more places, over the roads").IsProcess("isochrone", "Isochrone", "步行等时圈", "沿道路步行，一处或多处能到达的人与设施",
                (http, stop) => Read(Question.Of(http), http.Service<WalkingCities>(), stop)).WithTiles();

    private sealed record Asked(Pace Pace, IReadOnlyList<(string Field, Place Place)> Places, string Combine, double[] Minutes, int[] Limits);

    private static async Task<Asked> Read(Question ask, WalkingCities cities, CancellationToken cancellation)
    {
        var pace = await Pace.Of(ask, cities, cancellation);
        var places = WalkParameters.PlacesOf(ask, Datum.Of(ask));
        var combine = ask.Get(Combine) ?? "union";
        if (combine == "each" && places.Count > MostApart) throw Refused.Field("place", "parameter.too-many", $"at most {MostApart} places when each is drawn by itself");
        var minutes = ask.Get(WalkParameters.Minutes) ?? [5];
        var limits = minutes.Select(value => pace.Millimetres("minutes", value)).ToArray();
        for (var i = 1; i < limits.Length; i++)
        {
            if (limits[i] == limits[i - 1]) throw Refused.Field("minutes", "minutes.unreadable", "walks that differ by a millimetre or more");
        }
        return new Asked(pace, places, combine, minutes, limits);
    }

    private static async Task<Results<Ok<Isochrone>, FileStreamHttpResult>> Walk(HttpContext http, WalkingCities cities, IConfiguration configuration, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        var (pace, places, combine, minutes, limits) = await Read(ask, cities, cancellation);
        var datum = Datum.Of(ask);
        var heading = ask.Get(HeadingParameter) == "from" ? Heading.From : Heading.Towards;
        var city = await cities.Now(cancellation);
        var origins = places.Select(place => (place.Place, At: city.SnapOrRefuse(place.Field, place.Place.Lon, place.Place.Lat))).ToList();
        var walks = new Walks(city, minutes, limits, heading, datum);
        var features = combine switch
        {
            "each" => origins.SelectMany((origin, i) => walks.Together([origin], i, cancellation)).ToList(),
            "nearest" => walks.ByNearest(origins, cancellation),
            _ when origins.Count == 1 => await InTurn(() => walks.Together(origins, null, cancellation), cancellation),
            _ => walks.Together(origins, null, cancellation),
        };
        var answer = new Isochrone("FeatureCollection", "walking", combine, heading == Heading.From ? "from" : "towards", pace.Profile, pace.MetresPerMinute, city.Version, datum.Name,
            [.. origins.Select(origin => new IsochroneOrigin(datum.FromStored(origin.Place), origin.At.AccessMillimetres / 1000.0))], combine == "each" ? walks.OffNetworkAround(origins) : walks.OffNetwork, features);
        if (ResultFile.FormatOf(ask) is not { } format) return TypedResults.Ok(answer);
        return await ResultFile.Of(http, IsochroneLayer.Of(answer), format, configuration, cancellation);
    }

    private static async Task<T> InTurn<T>(Func<T> work, CancellationToken cancellation)
    {
        await Turns.WaitAsync(cancellation);
        try
        {
            return work();
        }
        finally
        {
            Turns.Release();
        }
    }
}
