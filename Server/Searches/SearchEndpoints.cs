using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GridMap.Server.Searches;

public static class SearchEndpoints
{
    private static readonly Parameter<string?> Q = Parameters.TextOf("q", 100, "A code, or part of a name or address; 1 to 100 characters.").Required();
    private static readonly Parameter<int?> Limit = Parameters.Integer("limit", 1, 50, "Most results; 10 when absent.").Or(10);

    public static void MapSearches(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/search", Search).About("Search", "Places and incidents by code, name or address").Takes(Q, Limit).Reads().WithSummary("Find places and incidents by code, name or address");

    private static async Task<Ok<Listed<Found>>> Search(HttpContext http, Database database, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        var text = ask.Get(Q)!.Trim();
        if (text.Length == 0) throw Refused.Field("q", "text.length", "1 to 100 characters that are not blank");
        return TypedResults.Ok(new Listed<Found>(await SearchQueries.Search(database, text, ask.Get(Limit)!.Value, cancellation)));
    }
}
