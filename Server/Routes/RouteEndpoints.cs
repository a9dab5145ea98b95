using GridMap.Geo.Projections;
using GridMap.Geo.Roads;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Results;
using GridMap.Server.Walking;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GridMap.Server.Routes;

public static class RouteEndpoints
{
    // Half a step beyond one of the lattice: a place between two steps may be kept on one and asked for on the other.
    private const double HereDegrees = 1.5e-7;

    internal static readonly Parameter<double?> Lon = Parameters.Lon.Required(), Lat = Parameters.Lat.Required();
    private static readonly ListParameter<double[]> From = WalkParameters.PlacesAs("from", ($"Where walks begin: longitude,latitude in degrees; repeated for every place, 1 to {WalkParameters.MostPlaces}.", $"步行起点：经度,纬度，单位为度；每处重复给出一次，1 至 {WalkParameters.MostPlaces} 处。"), isRequired: true),
        To = WalkParameters.PlacesAs("to", ($"Where walks end: longitude,latitude in degrees; repeated for every place, 1 to {WalkParameters.MostPlaces}.", $"步行终点：经度,纬度，单位为度；每处重复给出一次，1 至 {WalkParameters.MostPlaces} 处。"), isRequired: true);

    internal static readonly Parameter<int?> Count = Parameters.Integer("count", 1, 50, ("How many; 5 when absent.", "返回的个数；缺省为 5。")).Or(5);
    internal static readonly Parameter<double?> MostMinutes = Parameters.Number("mostMinutes", 0.1, 1000, ($"Only those within this walk, in minutes; within 10 km when absent. {Pace.Longest}", $"仅计步行若干分钟以内者；缺省为 10 km 以内。{Pace.LongestZh}"));

    // Most nearest ones are near: farther out only while there are too few.
    internal static readonly int[] Rings = [1_000_000, 3_000_000, (int)(Reach.MostMetres * 1000)];

    public static void MapRoutes(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/nearest", Nearest).About("Routes", "Ways and distances on foot")
            .Takes([Lon, Lat, .. FacilityChoice.All, Count, MostMinutes, Pace.ProfileParameter, Pace.MetresPerMinuteParameter, Parameters.Coord, ResultFile.FormatParameter, TiledQuestions.TileParameter]).Reads()
            .WithSummary("The nearest facilities on foot, with the way to each").IsProcess("nearest", "Nearest", "最近设施", "步行最近的设施及路线",
                (http, stop) => Read(Question.Of(http), http.Service<Database>(), http.Service<WalkingCities>(), stop)).WithTiles();
        NearestPeopleEndpoint.Map(app);
        app.MapGet("/api/distances", DistancesOf).About("Routes", "Ways and distances on foot")
            .Takes(From, To, MostMinutes, Pace.ProfileParameter, Pace.MetresPerMinuteParameter, Parameters.Coord, ResultFile.FormatParameter, TiledQuestions.TileParameter).Reads()
            .WithSummary("Distances on foot from many places to many others, asked in one line").IsProcess("distances", "Distances", "步行距离表", "多个地点之间的步行距离",
                (http, stop) => Read(QuestionOf(http), http.Service<WalkingCities>(), stop)).WithTiles();
        app.MapPost("/api/distances", Distances).About("Routes", "Ways and distances on foot").Takes(ResultFile.FileFormatParameter).Reads().Accepts<DistanceQuestion>("application/json")
            .WithSummary("Distances on foot from many places to many others");
    }

    private static async Task<Results<Ok<Nearest>, FileStreamHttpResult>> Nearest(HttpContext http, Database database, WalkingCities cities, IConfiguration configuration, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        var (pace, choice, most) = await Read(ask, database, cities, cancellation);
        var datum = Datum.Of(ask);
        var place = datum.ToStored(ask.Get(Lon)!.Value, ask.Get(Lat)!.Value);
        var city = await cities.Now(cancellation);
        var at = city.SnapOrRefuse("lon", place.Lon, place.Lat);
        var facilities = choice.From(city);
        var items = city.WithTree(tree =>
        {
            foreach (var ring in Rings)
            {
                tree.Search([new(at, 0)], Math.Min(ring, most), Heading.From);
                var found = facilities.Select(facility => (facility, Millimetres: IsAt(facility) ? 0 : tree.To(facility.At).Millimetres)).Where(pair => pair.Millimetres != RoadNetwork.NoWay)
                    .OrderBy(pair => pair.Millimetres).ThenBy(pair => pair.facility.Id).Take(ask.Get(Count)!.Value).ToList();
                if (found.Count < ask.Get(Count) && ring < most) continue;
                return found.Select(pair => Item(city, tree, pair.facility, pair.Millimetres, place, pace, datum)).ToList();
            }
            return [];
        });
        var answer = new Nearest(datum.FromStored(place), choice.FacilityType, choice.Tier, choice.ServiceItem, choice.OpenAt, most / 1000.0, at.AccessMillimetres / 1000.0, pace.Profile, pace.MetresPerMinute, "walking", city.Version, datum.Name,
            facilities.Count(facility => !facility.At.IsOnNetwork), items.Count > 0 ? null : choice.WhyNone(city) ?? "too-far", items);
        if (ResultFile.FormatOf(ask) is not { } format) return TypedResults.Ok(answer);
        return await ResultFile.Of(http, RouteLayers.Of(answer), format, configuration, cancellation);

        // Who is there already does not walk to the road and back.
        bool IsAt(WalkingFacility facility) => facility.At.IsOnNetwork && Math.Abs(facility.Lon - place.Lon) < HereDegrees && Math.Abs(facility.Lat - place.Lat) < HereDegrees;
    }

    private static async Task<(Pace Pace, FacilityChoice Choice, int Most)> Read(Question ask, Database database, WalkingCities cities, CancellationToken cancellation)
    {
        var pace = await Pace.Of(ask, cities, cancellation);
        return (pace, await FacilityChoice.Of(ask, database, cancellation), ask.Get(MostMinutes) is { } minutes ? pace.Millimetres("mostMinutes", minutes) : Rings[^1]);
    }

    private static NearestFacility Item(WalkingCity city, ShortestPathTree tree, WalkingFacility facility, int millimetres, Place from, Pace pace, Datum datum)
    {
        var there = new Place(facility.Lon, facility.Lat);
        return new(facility.Id, facility.Name, facility.NameEn, facility.Type, facility.Tier, datum.FromStored(there), millimetres / 1000.0, pace.Minutes(millimetres),
            Math.Round(Geodesic.Distance(from.Lon, from.Lat, facility.Lon, facility.Lat), 3), Line(city, datum, from, millimetres == 0 ? [] : tree.RouteTo(facility.At)!, there));
    }

    /// <summary>A way with its access legs, from door to door.</summary>
    internal static LineShape Line(WalkingCity city, Datum datum, Place from, IReadOnlyList<(double X, double Y)> along, Place to)
    {
        var line = new List<double[]>();
        Add(datum.FromStored(from));
        foreach (var (x, y) in along)
        {
            var (lon, lat) = city.Plane.ToLonLat(x, y);
            Add(datum.FromStored(lon, lat));
        }
        Add(datum.FromStored(to));
        // A line has two positions, also where it leads nowhere.
        if (line.Count == 1) line.Add(line[0]);
        return new("LineString", line);

        void Add(Place place)
        {
            double[] next = [place.Lon, place.Lat];
            if (line.Count == 0 || !next.AsSpan().SequenceEqual(line[^1])) line.Add(next);
        }
    }

    private static Task<Results<Ok<Distances>, FileStreamHttpResult>> DistancesOf(HttpContext http, WalkingCities cities, IConfiguration configuration, CancellationToken cancellation) =>
        Measure(http, QuestionOf(http), cities, configuration, cancellation);

    private static async Task<Results<Ok<Distances>, FileStreamHttpResult>> Distances(HttpContext http, WalkingCities cities, IConfiguration configuration, CancellationToken cancellation) =>
        await Measure(http, await Body.Read<DistanceQuestion>(http, cancellation), cities, configuration, cancellation);

    private static DistanceQuestion QuestionOf(HttpContext http)
    {
        var ask = Question.Of(http);
        return new(ask.Get(From), ask.Get(To), ask.Get(Pace.ProfileParameter), ask.Get(Pace.MetresPerMinuteParameter), ask.Get(MostMinutes), ask.Get(Parameters.Coord));
    }

    private static async Task<(Pace Pace, List<Place> From, List<Place> To, int Most)> Read(DistanceQuestion question, WalkingCities cities, CancellationToken cancellation)
    {
        if (question.Profile is not (null or "adult" or "elder" or "child")) throw Refused.Field("profile", "choice.unknown", "one of adult, elder, child");
        if (question.MetresPerMinute is not (null or (>= 10 and <= 300))) throw Refused.Field("metresPerMinute", "number.out-of-range", "a number from 10 to 300");
        if (question.Coord is not null && !Datum.Names.Contains(question.Coord)) throw Refused.Field("coord", "choice.unknown", $"one of {string.Join(", ", Datum.Names)}");
        if (question.MostMinutes is not (null or (>= 0.1 and <= 1000))) throw Refused.Field("mostMinutes", "number.out-of-range", "a number from 0.1 to 1000");
        var pace = await Pace.Of(question.Profile, question.MetresPerMinute, cities, cancellation);
        var datum = Datum.Of(question.Coord);
        return (pace, Read("from", question.From, datum), Read("to", question.To, datum), question.MostMinutes is { } minutes ? pace.Millimetres("mostMinutes", minutes) : Rings[^1]);
    }

    private static async Task<Results<Ok<Distances>, FileStreamHttpResult>> Measure(HttpContext http, DistanceQuestion question, WalkingCities cities, IConfiguration configuration, CancellationToken cancellation)
    {
        var format = ResultFile.FormatOf(Question.Of(http));
        var (pace, from, to, most) = await Read(question, cities, cancellation);
        var city = await cities.Now(cancellation);
        EdgePoint[] starts = [.. from.Select(place => city.Snap(place.Lon, place.Lat))], ends = [.. to.Select(place => city.Snap(place.Lon, place.Lat))];
        var rows = city.WithTree(tree => starts.Select((start, i) =>
        {
            cancellation.ThrowIfCancellationRequested();
            tree.Search([new(start, 0)], most, Heading.From);
            return ends.Select((end, j) => !end.IsOnNetwork ? null : from[i] == to[j] ? 0 : tree.To(end).Millimetres is not RoadNetwork.NoWay and var millimetres ? millimetres / 1000.0 : (double?)null).ToArray();
        }).ToList());
        var answer = new Distances(pace.Profile, pace.MetresPerMinute, most / 1000.0, city.Version, rows, Off(starts), Off(ends));
        if (format is null) return TypedResults.Ok(answer);
        return await ResultFile.Of(http, RouteLayers.Of(answer, question), format, configuration, cancellation);

        static int[] Off(EdgePoint[] places) => [.. Enumerable.Range(0, places.Length).Where(i => !places[i].IsOnNetwork)];
    }

    private static List<Place> Read(string field, IReadOnlyList<IReadOnlyList<double>> places, Datum datum)
    {
        if (places.Count is < 1 or > WalkParameters.MostPlaces) throw Refused.Field(field, "list.length", $"1 to {WalkParameters.MostPlaces} places");
        return [.. places.Select((place, i) => place is [>= -180 and <= 180, >= -90 and <= 90] ? datum.ToStored(place[0], place[1])
            : throw Refused.Field($"{field}[{i}]", "place.unreadable", "[longitude, latitude] in degrees"))];
    }
}
