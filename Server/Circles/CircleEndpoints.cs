using GridMap.Geo.Projections;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using GridMap.Server.Results;
using GridMap.Server.Walking;
using Microsoft.AspNetCore.Http.HttpResults;
using NetTopologySuite.Geometries;

namespace GridMap.Server.Circles;

public static class CircleEndpoints
{
    private const int Segments = 360;

    private static readonly ResultColumn[] LayerColumns =
    [
        new("method", ColumnKind.Text), new("buildings", ColumnKind.Integer), new("households", ColumnKind.Integer), new("residents", ColumnKind.Integer), new("elderly", ColumnKind.Integer),
        new("children", ColumnKind.Integer),
    ];

    private static readonly Layer MadeOf = new("circle", "incidents", "", "", "") { From = "incidents AS t", Columns = [], DependsOn = ["incidents", "facilities", "buildings", "grids", "nets"] };

    private static readonly Parameter<double?> Lon = Parameters.Lon.Required(), Lat = Parameters.Lat.Required();

    public static void MapCircles(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/circle", Within).About("Circle", "What lies within so many minutes or metres")
            .Takes(Lon, Lat, Reach.MinutesParameter, Reach.RadiusParameter, Parameters.From, Parameters.To, Parameters.Category, Parameters.At, Parameters.Coord, ResultFile.FormatParameter, TiledQuestions.TileParameter).Reads()
            .WithSummary("Who and what is within a walk of a place, as the crow flies; beside it who gets there on foot").IsProcess("circle", "Circle", "周边", "直线范围内的人与设施，并列出步行能到达者",
                (http, stop) => Read(Question.Of(http), http.Service<Database>(), http.Service<CityClock>(), stop)).WithTilesOf(MadeOf);

    private static async Task<(Reach Reach, Sql Incidents)> Read(Question ask, Database database, CityClock clock, CancellationToken cancellation)
    {
        var reach = await Reach.Of(ask, database, cancellation);
        var (from, to) = await clock.Period(ask, cancellation);
        var categories = await IncidentFilter.Below("incident-categories", "category", ask.Get(Parameters.Category), database, cancellation);
        return (reach, new IncidentFilter(from, to, categories, null, null).Where());
    }

    private static async Task<Results<Ok<Circle>, FileStreamHttpResult>> Within(HttpContext http, Database database, CityClock clock, WalkingCities cities, IConfiguration configuration, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        var (reach, where) = await Read(ask, database, clock, cancellation);
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
        var answer = new Circle(datum.FromStored(place), reach.RadiusMetres, reach.Minutes, reach.WalkMetresPerMinute, datum.Name, at,
            buildings, incidents, facilities, grids, area, PolygonShape.Of(outline, datum), await Walk(cities, place, reach.RadiusMetres, buildings.Residents, datum, cancellation));
        if (ResultFile.FormatOf(ask) is not { } format) return TypedResults.Ok(answer);
        return await ResultFile.Of(http, AsLayer(answer), format, configuration, cancellation);
    }

    // The circle, and the walk of the same metres where there is one.
    private static ResultLayer AsLayer(Circle answer)
    {
        List<ResultRow> rows = [Row(ResultLayer.Shape(answer.Outline), "circle", answer.Buildings)];
        if (answer.Walk is { } walk) rows.Add(Row(walk.Outline.Json, "walking", walk.Buildings));
        return new ResultLayer("circle", "polygon", LayerColumns, rows,
            [
                ("lon", answer.Place.Lon), ("lat", answer.Place.Lat), ("radiusMetres", answer.RadiusMetres), ("minutes", answer.Minutes), ("metresPerMinute", answer.WalkMetresPerMinute), ("overClaimPercent", answer.Walk?.OverClaimPercent),
                ("incidents", answer.Incidents.Count), ("facilities", answer.Facilities.Count), ("at", answer.At.ToString("O")), ("coord", answer.Coord), ("dataVersion", answer.Walk?.Version),
            ]);

        static ResultRow Row(ReadOnlyMemory<byte> shape, string method, CircleBuildings people) => new(shape, [method, people.Count, people.Households, people.Residents, people.Elderly, people.Children]);
    }

    private static async Task<CircleWalk?> Walk(WalkingCities cities, Http.Place place, double radiusMetres, long residents, Datum datum, CancellationToken cancellation)
    {
        if (await cities.IfAny(cancellation) is not { } city || city.Snap(place.Lon, place.Lat) is not { IsOnNetwork: true } at) return null;
        var people = city.Buildings.People;
        var (outline, reached) = city.WithPlaces(within =>
        {
            var found = within.Find(at, (int)Math.Round(radiusMetres * 1000)).ConvertAll(pair => pair.Place);
            return (Geo.Coverage.Isochrones.Outlines(within.Tree, city.Raster, [(int)Math.Round(radiusMetres * 1000)])[0], found);
        });
        var (x, y) = city.Plane.ToMetres(place.Lon, place.Lat);
        var off = city.Near.Within(place.Lon, place.Lat, x, y, radiusMetres).Where(building => !city.Buildings.At[building].IsOnNetwork);
        var inside = Count(WalkPeople.Of(people, reached));
        return new CircleWalk(at.AccessMillimetres / 1000.0, inside, Count(WalkPeople.Of(people, off)),
            residents == 0 ? null : Math.Round(100.0 * (residents - inside.Residents) / residents, 2), city.Plane.Shape(outline, datum), city.Version);

        static CircleBuildings Count(WalkPeople people) => new(people.Buildings, people.Households, people.Residents, people.Elderly, people.Children);
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
