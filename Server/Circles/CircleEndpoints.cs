using GridMap.Geo.Projections;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using NetTopologySuite.Geometries;

namespace GridMap.Server.Circles;

public static class CircleEndpoints
{
    private const int Segments = 360;
    private static readonly Parameter<double?> Lon = Parameters.Lon.Required(), Lat = Parameters.Lat.Required();

    public static void MapCircles(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/circle", Within).About("Circle", "What lies within so many minutes or metres")
            .Takes(Lon, Lat, Reach.MinutesParameter, Reach.RadiusParameter, Parameters.From, Parameters.To, Parameters.Category, Parameters.At, Parameters.Coord).Reads()
            .WithSummary("Who and what is within a walk of a place, as the crow flies").IsProcess("circle", "Circle 周边");

    private static async Task<Ok<Circle>> Within(HttpContext http, Database database, CityClock clock, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        var reach = await Reach.Of(ask, database, cancellation);
        var (from, to) = await clock.Period(ask, cancellation);
        var categories = await IncidentFilter.Below("incident-categories", "category", ask.Get(Parameters.Category), database, cancellation);
        var where = new IncidentFilter(from, to, categories, null, null).Where();
        var at = await clock.Utc(ask.Get(Parameters.At), cancellation) ?? clock.Now;
        var datum = Datum.Of(ask);
        var place = datum.ToStored(ask.Get(Lon)!.Value, ask.Get(Lat)!.Value);
        var outline = Outline(place, reach.RadiusMetres);

        await using var connection = await database.Open(cancellation);
        var near = new CircleQueries(connection, place, reach.RadiusMetres);
        var buildings = await near.Buildings(cancellation);
        var incidents = await near.Incidents(where, cancellation);
        var facilities = await near.Facilities(datum, cancellation);
        var (area, grids) = await near.Grids(outline, at, cancellation);
        return TypedResults.Ok(new Circle(datum.FromStored(place), reach.RadiusMetres, reach.Minutes, reach.WalkMetresPerMinute, datum.Name, at,
            buildings, incidents, facilities, grids, area, PolygonShape.Of(outline, datum)));
    }

    private static Polygon Outline(Place place, double radiusMetres)
    {
        try
        {
            return GeodesicCircle.Polygon(place.Lon, place.Lat, radiusMetres, Segments);
        }
        catch (ArgumentOutOfRangeException refused)
        {
            // Which of the two it is, the library tells by the parameter it complains of: across the antimeridian the longitude.
            throw Refused.Field(refused.ParamName == "lon" ? "lon" : "lat", "circle.beyond-the-map", "a circle that neither holds a pole nor crosses the antimeridian");
        }
    }
}
