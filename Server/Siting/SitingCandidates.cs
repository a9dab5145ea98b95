using GridMap.Geo.Roads;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Walking;
using NetTopologySuite.Algorithm.Locate;
using NetTopologySuite.Geometries;
using Npgsql;

namespace GridMap.Server.Siting;

/// <summary>A place where a facility may stand.</summary>
public sealed record Candidate(bool IsExisting, long? Id, string Name, double Lon, double Lat, EdgePoint At);

/// <summary>Finds places where facilities may stand.</summary>
public static class SitingCandidates
{
    public const int Most = 2_000;
    private const double LeastSpacing = 100;

    /// <summary>Crossings, thinned to a lattice so that there are not too many.</summary>
    public static (List<Candidate> Found, double Spacing) Streets(WalkingCity city, Geometry? ground)
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
            if (thin.Count > Most) continue;
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
