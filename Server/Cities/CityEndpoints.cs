using GridMap.Server.Access;
using GridMap.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GridMap.Server.Cities;

/// <summary>The city and the words it uses: nets, catalogues, departments.</summary>
public static class CityEndpoints
{
    public static void MapCities(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api").About("City", "The city, its catalogues and basemaps").Reads();
        api.MapGet("/city", OfCity).Takes().WithSummary("The city, its extent and what is in the database");
        api.MapGet("/nets", Nets).Takes().WithSummary("Systems of grids over the city");
        api.MapGet("/catalogues", Catalogues).Takes().WithSummary("The catalogues there are");
        api.MapGet("/catalogues/{name}", Catalogue).Takes().WithSummary("One catalogue");
        api.MapGet("/departments", Departments).Takes().WithSummary("Departments that incidents are assigned to");
        api.MapGet("/problems", AllProblems).Takes().WithSummary("Every reason code a refusal can have");
    }

    private static async Task<Ok<City>> OfCity(CityQueries queries, CancellationToken cancellation) => TypedResults.Ok(await queries.City(cancellation));

    private static async Task<Ok<Listed<Net>>> Nets(CityQueries queries, CancellationToken cancellation) =>
        TypedResults.Ok(new Listed<Net>(await queries.Nets(cancellation)));

    private static async Task<Ok<Listed<string>>> Catalogues(CityQueries queries, CancellationToken cancellation) =>
        TypedResults.Ok(new Listed<string>(await queries.Catalogues(cancellation)));

    private static async Task<Ok<Listed<CatalogueEntry>>> Catalogue(string name, CityQueries queries, CancellationToken cancellation)
    {
        var entries = await queries.Catalogue(name, cancellation);
        return entries.Count > 0 ? TypedResults.Ok(new Listed<CatalogueEntry>(entries)) : throw Refused.NotFound("catalogue", name);
    }

    private static async Task<Ok<Listed<Department>>> Departments(CityQueries queries, CancellationToken cancellation) =>
        TypedResults.Ok(new Listed<Department>(await queries.Departments(cancellation)));

    private static Ok<Listed<ProblemKind>> AllProblems() =>
        TypedResults.Ok(new Listed<ProblemKind>(Problems.Table.Select(row => new ProblemKind(row.Key, row.Value.Status, row.Value.Title)).ToList()));

    public sealed record ProblemKind(string Code, int Status, string Title);
}
