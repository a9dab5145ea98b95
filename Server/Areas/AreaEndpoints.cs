using GridMap.Server.Access;
using GridMap.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GridMap.Server.Areas;

public static class AreaEndpoints
{
    private static readonly Parameter<string?> Level = Parameters.Choice("level", ["city", "district", "street", "community"], "Only areas of this level.");
    private static readonly Parameter<long?> ParentId = Parameters.Id("parentId", "Only areas directly below this one.");

    public static void MapAreas(this IEndpointRouteBuilder app)
    {
        var areas = app.MapGroup("/api/areas").About("Areas", "City, districts, streets and communities").Reads();
        areas.MapGet("", List).Takes(Level, ParentId).WithSummary("The tree of areas with their figures");
        areas.MapGet("/{id:long}", One).Takes().WithSummary("One area, what it lies in and who is responsible");
    }

    private static async Task<Ok<Listed<Area>>> List(HttpContext http, AreaQueries queries, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        return TypedResults.Ok(new Listed<Area>(await queries.List(ask.Get(Level), ask.Get(ParentId), cancellation)));
    }

    private static async Task<Ok<AreaDetails>> One(long id, HttpContext http, AreaQueries queries, CancellationToken cancellation) =>
        TypedResults.Ok(await queries.One(id, Caller.Of(http).SignedIn, cancellation) ?? throw Refused.NotFound("area", id));
}
