using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Walking;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GridMap.Server.Coverage;

/// <param name="Standing">counted, off-network (counted, but no road is near to it), other-tier, other-service, closed or hours-unknown.</param>
public sealed record CountedFacility(long Id, string Name, string NameEn, string Type, string Tier, int? Capacity, Place Place, string Standing);

/// <summary>The facilities of a kind, and which of them an answer about coverage counts.</summary>
/// <param name="Count">Of the kind; items hold the first 20,000 by id.</param>
/// <param name="Counted">Of them, those that the answer counts.</param>
public sealed record CountedFacilities(string FacilityType, string? Tier, string? ServiceItem, string? OpenAt, string Version, int Count, int Counted, IReadOnlyList<CountedFacility> Items);

public static class CountedEndpoints
{
    private const int Most = 20_000;

    public static void MapCounted(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/coverage/facilities", List).About("Coverage", "Who is within reach of a service").Takes([.. FacilityChoice.All, Parameters.Coord]).Reads()
            .WithSummary("The facilities of a kind, and which of them count");

    private static async Task<Ok<CountedFacilities>> List(HttpContext http, Database database, WalkingCities cities, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        var datum = Datum.Of(ask);
        var choice = await FacilityChoice.Of(ask, database, cancellation);
        var city = await cities.Now(cancellation);
        var all = city.Facilities.Where(facility => choice.Types.Contains(facility.Type)).ToList();
        return TypedResults.Ok(new CountedFacilities(choice.FacilityType, choice.Tier, choice.ServiceItem, choice.OpenAt, city.Version, all.Count, choice.From(city).Count,
            [.. all.Take(Most).Select(facility => new CountedFacility(facility.Id, facility.Name, facility.NameEn, facility.Type, facility.Tier, facility.Capacity, datum.FromStored(facility.Lon, facility.Lat), choice.Standing(facility)))]));
    }
}
