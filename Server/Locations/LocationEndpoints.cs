using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.Locations;

public static class LocationEndpoints
{
    private const int MostPoints = 10_000;
    private const int MostErrors = 100;
    private static readonly Parameter<double?> Lon = Parameters.Lon.Required(), Lat = Parameters.Lat.Required();

    public static void MapLocations(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/locate").About("Locate", "What lies at a place").Reads();
        api.MapGet("", Locate).Takes(Lon, Lat, Parameters.At, Parameters.Coord).Produces<Location>().WithSummary("What lies at a place, and who is responsible").IsProcess("locate", "Locate", "定位", "某地有什么，由谁负责", (http, stop) => Moment(Question.Of(http), http.Service<CityClock>(), stop).AsTask());
        api.MapPost("", LocateMany).Takes().Accepts<LocateWanted>("application/json").Produces<LocatedPoints>().WithSummary("Areas and grids of up to 10,000 places");
    }

    private static async ValueTask<DateTime> Moment(Question ask, CityClock clock, CancellationToken cancellation) => await clock.Utc(ask.Get(Parameters.At), cancellation) ?? clock.Now;

    private static async Task<IResult> Locate(HttpContext http, Database database, LocationLookup lookup, GridLookups lookups, CityClock clock, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        var at = await Moment(ask, clock, cancellation);
        var datum = Datum.Of(ask);
        var stored = datum.ToStored(ask.Get(Lon)!.Value, ask.Get(Lat)!.Value);
        var withPhones = Caller.Of(http).SignedIn;
        http.Response.ContentType = "application/json; charset=utf-8";
        if (lookup.TryWrite(stored, datum.FromStored(stored), at, datum.Name, withPhones, http.Response.BodyWriter)) return TypedResults.Empty;
        _ = lookups.Prepare(); // for the next one; this one need not wait
        await using var connection = await database.Open(cancellation);
        var areas = await LocationQueries.Areas(connection, stored, at, cancellation);
        var grids = await LocationQueries.Grids(connection, stored, at, withPhones, cancellation);
        var (compound, building) = await LocationQueries.Buildings(connection, stored, cancellation);
        return TypedResults.Ok(new Location(datum.FromStored(stored), at, datum.Name, areas, grids, compound, building));
    }

    private static async Task<IResult> LocateMany(HttpContext http, Database database, GridLookups lookups, CityClock clock, CancellationToken cancellation)
    {
        var wanted = await Body.Read<LocateWanted>(http, cancellation);
        if (wanted.Points.Count is < 1 or > MostPoints) throw Refused.Field("points", "list.length", $"1 to {MostPoints} places");
        var errors = new List<FieldError>();
        if (wanted.Coord is not null && !Datum.Names.Contains(wanted.Coord)) errors.Add(new FieldError("coord", "choice.unknown", $"one of {string.Join(", ", Datum.Names)}"));
        When when = default;
        if (wanted.At is not null && !When.TryRead(wanted.At, out when)) errors.Add(new FieldError("at", "time.unreadable", "a time such as 2026-03-01T08:00:00+08:00, or a date such as 2026-03-01"));
        for (var i = 0; i < wanted.Points.Count && errors.Count < MostErrors; i++)
        {
            if (wanted.Points[i] is not [>= -180 and <= 180, >= -90 and <= 90])
                errors.Add(new FieldError($"points[{i}]", "place.out-of-range", "[longitude, latitude] in degrees"));
        }
        if (errors.Count > 0) throw Refused.Fields(errors);
        var at = wanted.At is null ? clock.Now : when.ToUtc(await clock.Zone(cancellation));
        var datum = Datum.Of(wanted.Coord);
        var stored = wanted.Points.Select(point => datum.ToStored(point[0], point[1])).ToArray();
        if (await lookups.Get(cancellation) is { } lookup) return new LocatedAnswer(lookup, stored, at, datum.Name);
        return TypedResults.Ok(new LocatedPoints(at, datum.Name, await LocationQueries.Many(database, stored, at, cancellation)));
    }
}
