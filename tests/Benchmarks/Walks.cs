using System.Globalization;
using Npgsql;

namespace GridMap.Benchmarks;

/// <summary>Questions about walking. The floor is pgRouting with PostGIS making the same answer (<see cref="PgRouting"/>).</summary>
public sealed class Walks(IReadOnlyList<(double Lon, double Lat)> doors, IReadOnlyList<string> isochrones)
{
    private const string FacilityType = "party-station";

    public static async Task<Walks> Prepare(NpgsqlDataSource database, PgRouting? peer)
    {
        // From buildings all over the city: a place in a park may have no road near.
        var doors = new List<(double Lon, double Lat)>();
        await using (var buildings = database.CreateCommand("SELECT ST_X(at), ST_Y(at) FROM (SELECT ST_Centroid(geom) AS at, id FROM buildings WHERE residents > 0 AND EXISTS (SELECT FROM roads WHERE walkable AND ST_DWithin(roads.geom, buildings.geom, 0.0005)) ORDER BY md5(id::text) LIMIT 512) AS chosen"))
        await using (var rows = await buildings.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync()) doors.Add((rows.GetDouble(0), rows.GetDouble(1)));
        }
        return new Walks(doors, peer is null ? [] : await peer.Isochrones([.. doors.Take(32)]));
    }

    public IReadOnlyList<Asked> All()
    {
        var middle = doors[0];
        return
        [
            new("walking: isochrone of 5, 10 and 15 minutes", [.. doors.Select(spot => $"/api/isochrone?{Questions.At(spot)}&minutes=5,10,15&metresPerMinute=60")], isochrones),
            new("walking: the five nearest stations, with routes", [.. doors.Select(spot => $"/api/nearest?{Questions.At(spot)}&facilityType={FacilityType}&count=5&mostMinutes=15")], []),
            new("walking: who reaches a station, whole city", [$"/api/coverage/walking?facilityType={FacilityType}&minutes=15&metresPerMinute=60"], []),
            new("walking: what if one station more", ["/api/coverage/what-if"], [])
            {
                Body = string.Create(CultureInfo.InvariantCulture, $$"""{"facilityType":"{{FacilityType}}","minutes":15,"changes":[{"op":"add","lon":{{middle.Lon:0.0000000}},"lat":{{middle.Lat:0.0000000}}}]}"""),
            },
            new("walking: isochrone of 5 minutes", [.. doors.Select(spot => $"/api/isochrone?{Questions.At(spot)}&minutes=5&metresPerMinute=60")], []),
            new("walking: capacity of the whole city", [$"/api/coverage/catchment?facilityType={FacilityType}&minutes=15&metresPerMinute=60"], []),
            new("walking: gaps of the whole city", [$"/api/coverage/gaps?facilityType={FacilityType}&minutes=15"], []),
        ];
    }
}
