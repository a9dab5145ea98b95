using GridMap.Geo.Projections;
using GridMap.Geo.Roads;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using GridMap.Server.Results;
using GridMap.Server.Walking;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace GridMap.Server.Routes;

/// <summary>The people with a duty at a grid who are nearest on foot, nearest first; each is taken to be in the middle of the grid, for nobody says where people are.</summary>
/// <param name="AccessMetres">From the nearest road straight to the place; part of every distance.</param>
/// <param name="NoneReason">Why the list is empty: none (nobody has such a duty within reach), off-network, too-far; null where it is not.</param>
/// <param name="OffNetwork">Grids with such people within reach whose middle no road is near to: they are not looked at.</param>
public sealed record NearestPeople(
    Place Place, double AccessMetres, string? Profile, double MetresPerMinute, string Version, string Coord, int OffNetwork, string? NoneReason, IReadOnlyList<NearestPerson> Items);

/// <param name="Phone">Only for people who are signed in.</param>
/// <param name="Grid">Of the grids where the person has the duty, the nearest.</param>
/// <param name="InCharge">Whether the place lies in that grid.</param>
/// <param name="Place">Where the walk begins: a point inside the grid.</param>
/// <param name="Metres">On foot, door to door.</param>
/// <param name="StraightMetres">As the crow flies, geodesic.</param>
/// <param name="Route">From the grid along the roads to the place.</param>
public sealed record NearestPerson(
    string Role, string Person, string? Phone, GridRef Grid, bool InCharge, Place Place, double Metres, double Minutes, double StraightMetres, LineShape Route);

internal static class NearestPeopleEndpoint
{
    private static readonly Parameter<string?> Role = Parameters.Choice("role", ["leader", "grid-head", "grid-worker", "police", "volunteer"], ("Those with this duty; with any when absent.", "仅计担任此职责的人员；缺省不限。"));
    private static readonly Parameter<string?> Net = Parameters.TextOf("net", 40, ("Those of this net of grids; of any when absent.", "仅计这一网格体系的人员；缺省不限。"));

    // A way along the roads is as long as the straight one or longer; so much may the two measures differ.
    private const double Doubt = 0.01;

    private const double MetresPerDegree = 110_500;

    private static readonly Layer MadeOf = new("people", "duties", "", "", "") { From = "duties AS t", Columns = [], DependsOn = ["duties", "grids", "nets"] };

    private sealed record Post(GridRef Grid, bool InCharge, Place Place, EdgePoint At, IReadOnlyList<DutyHolder> People);

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/api/nearest/people", Find).About("Routes", "Ways and distances on foot")
            .Takes(RouteEndpoints.Lon, RouteEndpoints.Lat, Role, Net, RouteEndpoints.Count, RouteEndpoints.MostMinutes, Pace.ProfileParameter, Pace.MetresPerMinuteParameter, Parameters.Coord, ResultFile.FormatParameter, TiledQuestions.TileParameter).Reads()
            .WithSummary("The people responsible who are nearest on foot, with the way of each").IsProcess("nearest-people", "Nearest people", "最近人员", "步行最近的负责人员及路线",
                (http, stop) => Read(Question.Of(http), http.Service<Database>(), http.Service<WalkingCities>(), stop)).WithTilesOf(MadeOf);

    private static async Task<(Pace Pace, int Most)> Read(Question ask, Database database, WalkingCities cities, CancellationToken cancellation)
    {
        var pace = await Pace.Of(ask, cities, cancellation);
        if (ask.Get(Net) is { } net && !await database.Scalar<bool>($"SELECT EXISTS (SELECT FROM nets WHERE code = {net})", cancellation)) throw Refused.Field("net", "net.unknown", "the code of a net");
        return (pace, ask.Get(RouteEndpoints.MostMinutes) is { } minutes ? pace.Millimetres("mostMinutes", minutes) : RouteEndpoints.Rings[^1]);
    }

    private static async Task<Results<Ok<NearestPeople>, FileStreamHttpResult>> Find(HttpContext http, Database database, WalkingCities cities, IConfiguration configuration, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        var (pace, most) = await Read(ask, database, cities, cancellation);
        var datum = Datum.Of(ask);
        var place = datum.ToStored(ask.Get(RouteEndpoints.Lon)!.Value, ask.Get(RouteEndpoints.Lat)!.Value);
        var count = ask.Get(RouteEndpoints.Count)!.Value;
        await using var connection = await database.Open(cancellation);
        var city = await cities.Now(cancellation);
        var at = city.SnapOrRefuse("lon", place.Lon, place.Lat);
        var (posts, items) = (new List<Post>(), new List<NearestPerson>());
        foreach (var ring in RouteEndpoints.Rings.Where(ring => ring < most).Append(most))
        {
            posts = await Posts(connection, city, place, ring / 1000.0, ask.Get(Role), ask.Get(Net), Caller.Of(http).SignedIn, cancellation);
            items = city.WithTree(tree => Nearest(city, tree, at, ring, posts, count, place, pace, datum));
            if (items.Count == count) break;
        }
        var none = items.Count > 0 ? null : posts.Count == 0 ? "none" : posts.Exists(post => post.At.IsOnNetwork) ? "too-far" : "off-network";
        var answer = new NearestPeople(datum.FromStored(place), at.AccessMillimetres / 1000.0, pace.Profile, pace.MetresPerMinute, city.Version, datum.Name,
            posts.Count(post => !post.At.IsOnNetwork), none, items);
        if (ResultFile.FormatOf(ask) is not { } format) return TypedResults.Ok(answer);
        return await ResultFile.Of(http, RouteLayers.Of(answer, ask.Get(Role), ask.Get(Net)), format, configuration, cancellation);
    }

    // Whoever has several grids comes from the nearest of them.
    private static List<NearestPerson> Nearest(WalkingCity city, ShortestPathTree tree, EdgePoint at, int within, List<Post> posts, int count, Place to, Pace pace, Datum datum)
    {
        tree.Search([new(at, 0)], within, Heading.Towards);
        return [.. posts.Select(post => (post, tree.To(post.At).Millimetres)).Where(pair => pair.Millimetres != RoadNetwork.NoWay).OrderBy(pair => pair.Millimetres).ThenBy(pair => pair.post.Grid.Id)
            .SelectMany(pair => pair.post.People.Select(person => (pair.post, pair.Millimetres, person)))
            .DistinctBy(found => found.person).Take(count)
            .Select(found => new NearestPerson(found.person.Role, found.person.Person, found.person.Phone, found.post.Grid, found.post.InCharge, datum.FromStored(found.post.Place),
                found.Millimetres / 1000.0, pace.Minutes(found.Millimetres), Math.Round(Geodesic.Distance(found.post.Place.Lon, found.post.Place.Lat, to.Lon, to.Lat), 3),
                RouteEndpoints.Line(city, datum, found.post.Place, tree.RouteTo(found.post.At)!, to)))];
    }

    /// <summary>The grids of now around a place that somebody has such a duty at: all whose inner point lies within so many metres, and some more.</summary>
    private static async Task<List<Post>> Posts(
        NpgsqlConnection connection, WalkingCity city, Place place, double metres, string? role, string? net, bool withPhones, CancellationToken cancellation)
    {
        var up = metres * (1 + Doubt) / MetresPerDegree;
        var aside = Math.Min(180, up / Math.Max(0.01, Math.Cos(double.DegreesToRadians(Math.Min(89, Math.Abs(place.Lat) + up)))));
        var rows = await connection.Query($"""
            SELECT grids.id, nets.code, grids.code, grids.name, grids.kind, ST_Intersects(grids.geom, ST_SetSRID(ST_MakePoint({place.Lon}, {place.Lat}), 4326)), ST_X(inner_point), ST_Y(inner_point),
                   duties.role, duties.person, duties.phone
            FROM grids JOIN nets ON nets.id = grids.net_id
            JOIN duties ON duties.net_id = grids.net_id AND duties.grid_code = grids.code AND duties.valid_from <= now() AND duties.valid_to > now()
            CROSS JOIN LATERAL ST_PointOnSurface(grids.geom) AS inner_point
            WHERE grids.geom && ST_MakeEnvelope({place.Lon - aside}, {place.Lat - up}, {place.Lon + aside}, {place.Lat + up}, 4326) AND grids.kind <> 'special'
              AND grids.valid_from <= now() AND grids.valid_to > now() AND ({role}::text IS NULL OR duties.role = {role}) AND ({net}::text IS NULL OR nets.code = {net})
            ORDER BY grids.id, duties.role, duties.person, duties.id
            """, row => (Grid: new GridRef(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4)), InCharge: row.GetBoolean(5),
                Place: new Place(row.GetDouble(6), row.GetDouble(7)), Holder: new DutyHolder(row.GetString(8), row.GetString(9), withPhones ? row.GetString(10) : null)), cancellation);
        return [.. rows.GroupBy(row => row.Grid.Id).Select(group => (Of: group.First(), People: group.Select(row => row.Holder).ToList()))
            .Select(group => new Post(group.Of.Grid, group.Of.InCharge, group.Of.Place, city.Snap(group.Of.Place.Lon, group.Of.Place.Lat), group.People))];
    }
}
