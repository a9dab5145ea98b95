using GridMap.Geo.Roads;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Walking;
using NetTopologySuite.Algorithm.Locate;
using NetTopologySuite.Geometries;
using Npgsql;

namespace GridMap.Server.Siting;

/// <summary>A place where a facility may stand.</summary>
/// <param name="IsLocked">A facility of today that stays.</param>
public sealed record Candidate(bool IsExisting, long? Id, string Name, double Lon, double Lat, EdgePoint At, double? Cost = null, long? Capacity = null, bool IsLocked = false);

/// <summary>Finds places where facilities may stand.</summary>
public static class SitingCandidates
{
    public const int Most = 2_000, MostExisting = 2_000;
    private const double LeastSpacing = 100;

    /// <summary>Where new sites may be, and for crossings how far they are apart.</summary>
    /// <param name="most">Crossings are thinned to so many.</param>
    public static async Task<(List<Candidate> Found, double? Spacing)> Find(SitingQuestion asked, Database database, WalkingCity city, long[]? areas, Datum datum, int most, CancellationToken cancellation)
    {
        var (found, spacing) = await Places(asked, database, city, areas, datum, most, cancellation);
        return ([.. found.Select(candidate => candidate with { Cost = candidate.Cost ?? (asked.HasCosts ? asked.CostEach : null), Capacity = candidate.Capacity ?? (asked.HasCapacities ? asked.CapacityEach : null) })], spacing);
    }

    /// <summary>Today's facilities that are there then.</summary>
    /// <exception cref="Refused">Too many; an id that is not among them; one that cannot take anybody known.</exception>
    public static List<Candidate> Existing(SitingQuestion asked, FacilityChoice choice, WalkingCity city)
    {
        if (asked.Existing == "ignore") return [];
        var all = choice.From(city);
        foreach (var (field, ids) in new[] { ("locked", asked.Locked), ("closing", asked.Closing) })
        {
            if (ids?.Except(all.Select(facility => facility.Id)).Select(id => (long?)id).FirstOrDefault() is { } unknown) throw Refused.Field(field, "facility.not-of-this-kind", $"ids of facilities of the kind asked for ({unknown} is none)");
        }
        var (closing, locked) = (asked.Closing?.ToHashSet() ?? [], asked.Locked?.ToHashSet() ?? []);
        var there = all.Where(facility => facility.At.IsOnNetwork && !closing.Contains(facility.Id)).ToList();
        if (there.Count > MostExisting) throw Refused.Field("facilityType", "siting.too-many-existing", $"a kind with at most {MostExisting} facilities, or existing=ignore");
        if (asked.HasCapacities && asked.ExistingCapacity is null && there.Count(facility => facility.Capacity is null) is > 0 and var without)
            throw Refused.Field("existingCapacity", "parameter.missing", $"what today's facilities can take: {without} of them have no capacity");
        return [.. there.Select(facility => new Candidate(true, facility.Id, facility.Name, facility.Lon, facility.Lat, facility.At, null,
            asked.HasCapacities ? facility.Capacity ?? asked.ExistingCapacity : null, asked.Existing != "movable" || locked.Contains(facility.Id)))];
    }

    private static async Task<(List<Candidate> Found, double? Spacing)> Places(SitingQuestion asked, Database database, WalkingCity city, long[]? areas, Datum datum, int most, CancellationToken cancellation)
    {
        if (asked.Places is { } places)
        {
            return ([.. places.Select((place, i) =>
            {
                var (lon, lat) = datum.ToStored(place.Lon, place.Lat);
                return new Candidate(false, null, place.Name ?? "", lon, lat, city.SnapOrRefuse($"places[{i}].lon", lon, lat), place.Cost, place.Capacity);
            })], null);
        }
        await using var connection = await database.Open(cancellation);
        if (asked.Candidates == "compounds") return (await Compounds(connection, city, areas, cancellation), null);
        var ground = asked.AreaId is { } area
            ? await connection.QueryOne($"SELECT ST_AsBinary(geom) FROM areas WHERE id = {area}", row => Wkb.Read(row.GetFieldValue<byte[]>(0)), cancellation) : null;
        if (asked.CandidateType is { } type)
        {
            var types = await IncidentFilter.Below("facility-types", "candidateType", [type], database, cancellation);
            return (Facilities(city, types!, ground), null);
        }
        var (found, spacing) = Streets(city, ground, most);
        return (found, spacing);
    }

    /// <summary>Crossings, thinned to a lattice so that there are not too many.</summary>
    public static (List<Candidate> Found, double Spacing) Streets(WalkingCity city, Geometry? ground, int most)
    {
        var (network, plane) = (city.Network, city.Plane);
        var locator = ground is null ? null : new IndexedPointInAreaLocator(plane.ToMetres(ground));
        var nodes = Enumerable.Range(0, network.Nodes).Where(node => network.Degree(node) >= 3 && network.ComponentOf(node) == 0)
            .Where(node => locator is null || locator.Locate(new Coordinate(network.Place(node).X, network.Place(node).Y)) != Location.Exterior).ToList();
        for (var spacing = LeastSpacing; ; spacing *= 1.25)
        {
            // Of each cell the crossing with the most roads, then the first: the same ones every time.
            var thin = nodes.GroupBy(node => (Math.Floor(network.Place(node).X / spacing), Math.Floor(network.Place(node).Y / spacing)))
                .Select(cell => cell.OrderByDescending(network.Degree).ThenBy(node => node).First()).Order().ToList();
            if (thin.Count > most) continue;
            return ([.. thin.Select(node =>
            {
                var (lon, lat) = plane.ToLonLat(network.Place(node).X, network.Place(node).Y);
                return new Candidate(false, null, "", lon, lat, network.AtNode(node));
            })], Math.Round(spacing, 1));
        }
    }

    public static async Task<List<Candidate>> Compounds(NpgsqlConnection connection, WalkingCity city, long[]? areas, CancellationToken cancellation)
    {
        var asked = areas is null ? Sql.Trusted("TRUE") : Sql.Of($"area_id = ANY({areas})");
        var rows = await connection.Query($"""
            SELECT id, name, ST_X(place), ST_Y(place) FROM compounds, ST_PointOnSurface(geom) AS place WHERE {asked} ORDER BY id LIMIT {Most + 1}
            """, row => (row.GetInt64(0), row.GetString(1), row.GetDouble(2), row.GetDouble(3)), cancellation);
        return Snapped(city, rows);
    }

    public static List<Candidate> Facilities(WalkingCity city, string[] types, Geometry? ground)
    {
        var locator = ground is null ? null : new IndexedPointInAreaLocator(ground);
        return Snapped(city, [.. city.Facilities.Where(facility => types.Contains(facility.Type))
            .Where(facility => locator is null || locator.Locate(new Coordinate(facility.Lon, facility.Lat)) != Location.Exterior).Take(Most + 1)
            .Select(facility => (facility.Id, facility.Name, facility.Lon, facility.Lat))]);
    }

    private static List<Candidate> Snapped(WalkingCity city, List<(long Id, string Name, double Lon, double Lat)> rows) => rows.Count > Most
        ? throw Refused.Field("areaId", "siting.too-many-candidates", $"an area with at most {Most} candidates")
        : [.. rows.Select(row => new Candidate(false, row.Id, row.Name, row.Lon, row.Lat, city.Snap(row.Lon, row.Lat))).Where(candidate => candidate.At.IsOnNetwork)];
}
