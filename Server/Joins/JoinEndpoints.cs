using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.Joins;

/// <summary><c>/api/joins</c>: a table or collection of places goes up, and comes back with the grids, people and areas of each.</summary>
public static class JoinEndpoints
{
    private static readonly SemaphoreSlim Running = new(JoinParameters.AtOnce);

    public static void MapJoins(this IEndpointRouteBuilder app) =>
        app.MapPost("/api/joins", Join).Needs(Role.Reader).About("Joins", "Grids, people and areas for uploaded places").WithSummary("Add grids, people and areas to an uploaded CSV or GeoJSON of places")
            .Takes(JoinParameters.Lon, JoinParameters.Lat, Parameters.Coord, Parameters.At, JoinParameters.Encoding, JoinParameters.Format, JoinParameters.People)
            .Accepts<IFormFile>("multipart/form-data", [.. JoinParameters.Types.Select(known => known.Type)]).Produces<string>(200, "text/csv", "application/geo+json", "application/x-ndjson");

    private static async Task Join(HttpContext http, Database database, GridLookups lookups, CityClock clock, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        var (withPeople, datum) = (ask.Get(JoinParameters.People)!.Value, Datum.Of(ask));
        var at = await clock.Utc(ask.Get(Parameters.At), cancellation) ?? clock.Now;
        if (!await Running.WaitAsync(TimeSpan.FromSeconds(1), cancellation)) throw new Refused("join.too-many", "Other files are being joined. Try again in a moment.");
        try
        {
            using var upload = await JoinUpload.Read(http, cancellation);
            var places = await JoinPlaces.Of(database, lookups, at, withPeople, cancellation);
            var join = new JoinAnswer(http, places, datum, withPeople, cancellation);
            if (upload.Kind == JoinKind.Csv)
            {
                var encoding = JoinParameters.EncodingOf(ask, upload.Charset);
                var csv = await CsvJoin.Check(upload, ask, encoding, places.Names(withPeople), cancellation);
                if (ask.Get(JoinParameters.Format) == "geojson") await join.CsvAsGeoJson(csv);
                else await join.Csv(csv, encoding);
                return;
            }
            if (upload.Charset is { } charset && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)) throw new Refused(Problems.MediaType, "JSON is written in UTF-8.");
            if (ask.Get(JoinParameters.Format) == "csv") throw Refused.Field("format", "choice.unknown", "geojson: a CSV has one set of columns, features need not");
            await join.Features(upload);
        }
        finally
        {
            Running.Release();
        }
    }
}
