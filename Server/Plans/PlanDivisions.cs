using GridMap.Geo.Grids;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using NetTopologySuite.Geometries;
using Npgsql;

namespace GridMap.Server.Plans;

/// <summary>What the machine needs to draw grids of one area: streets, water, buildings, compounds and incidents from the tables, and what is wanted of them.</summary>
internal static class PlanDivisions
{
    private const int MostLines = 50_000, MostThings = 200_000;

    private static readonly PlanWeights Households = new(1);

    public static ProposalsWanted Wanted(ProposalsWanted wanted, List<FieldError> errors)
    {
        if (wanted.AreaId == 0) errors.Add(new FieldError("areaId", "field.missing", "the id of an area whose grids are in the plan"));
        if (!(wanted.Keep >= 0 && wanted.Keep <= 1)) errors.Add(new FieldError("keep", "number.out-of-range", "a number from 0 to 1"));
        if (wanted.Weights is { } weights)
        {
            double[] all = [weights.Households, weights.Residents, weights.Incidents, weights.Hectares];
            if (!Array.TrueForAll(all, weight => weight is >= 0 and <= 1e6) || all.Sum() <= 0) errors.Add(new FieldError("weights", "number.out-of-range", "weights from 0 to 1000000, not all 0"));
            if (wanted.Least is null && weights with { Households = 0 } != new PlanWeights()) errors.Add(new FieldError("least", "field.missing", "a band in the measure of the weights"));
        }
        if (wanted.Nets is { } nets && (nets.Length > 400 || PlanNets.Codes(nets).Length == 0)) errors.Add(new FieldError("nets", "text.length", "codes of nets with commas between"));
        if ((wanted.Least is null) != (wanted.Most is null) || !(wanted.Least is null or >= 0) || !(wanted.Most is null or <= 1e9) || wanted.Most <= wanted.Least)
            errors.Add(new FieldError("most", "number.out-of-range", "least and most together, most above least"));
        return wanted;
    }

    public static DelineationTarget Target(Plan plan, ProposalsWanted wanted)
    {
        var weights = wanted.Weights ?? Households;
        return new()
        {
            HouseholdWeight = weights.Households, ResidentWeight = weights.Residents, LoadWeight = weights.Incidents, HectareWeight = weights.Hectares,
            Least = wanted.Least ?? plan.Least, Most = wanted.Most ?? plan.Most, Keep = wanted.Keep, Seed = wanted.Seed,
        };
    }

    /// <summary>The areas of the draft that are this one or lie below it.</summary>
    public static async Task<long[]> Areas(NpgsqlConnection connection, IReadOnlyCollection<long> ofDraft, long areaId, CancellationToken cancellation)
    {
        var below = await connection.Query($"SELECT id FROM areas WHERE id IN (SELECT areas_below({areaId})) ORDER BY code", row => row.GetInt64(0), cancellation);
        long[] areas = [.. below.Where(ofDraft.Contains)];
        return areas.Length > 0 ? areas : throw Refused.Field("areaId", "area.not-found", $"the id of an area whose grids are in the plan, such as {string.Join(", ", ofDraft.Order().Take(10))}");
    }

    // Grids end on streets that carry traffic; a footpath divides only a block that is too large for one grid.
    public static Task<List<DividingLine>> Lines(NpgsqlConnection connection, Envelope box, CancellationToken cancellation) => connection.Query($"""
        WITH box AS MATERIALIZED (SELECT ST_MakeEnvelope({box.MinX}, {box.MinY}, {box.MaxX}, {box.MaxY}, 4326) AS geom)
        SELECT ST_AsBinary(roads.geom), class FROM roads JOIN box ON roads.geom && box.geom
        WHERE class IN ('expressway', 'ring', 'arterial', 'collector', 'lane', 'footpath') AND NOT tunnel
        ORDER BY roads.id LIMIT {MostLines}
        """, row => new DividingLine((LineString)Wkb.Read(row.GetFieldValue<byte[]>(0)), row.GetString(1) switch
    {
        "expressway" or "ring" or "arterial" => BorderKind.Arterial,
        "footpath" => BorderKind.Path,
        _ => BorderKind.Street,
    }), cancellation);

    public static Task<List<DivisionThing>> Things(NpgsqlConnection connection, long area, ProposalsWanted wanted, CancellationToken cancellation) => connection.Query($"""
        WITH area AS MATERIALIZED (SELECT geom FROM areas WHERE id = {area})
        SELECT ST_AsBinary(buildings.geom), households::double precision, residents::double precision, 0::double precision, false, false
        FROM buildings JOIN area ON buildings.geom && area.geom AND ST_Intersects(buildings.centre, area.geom)
        UNION ALL
        SELECT ST_AsBinary(compounds.geom), 0, 0, 0, {!wanted.KeepCompounds}, false FROM compounds JOIN area ON compounds.geom && area.geom AND ST_Intersects(compounds.geom, area.geom)
        UNION ALL
        SELECT ST_AsBinary(ST_Buffer(ST_Intersection(landscapes.geom, ST_Expand(area.geom, 0.001)), 0)), 0, 0, 0, false, true
        FROM landscapes JOIN area ON landscapes.kind = 'water' AND landscapes.geom && area.geom AND ST_Intersects(landscapes.geom, area.geom)
        UNION ALL
        SELECT ST_AsBinary(incidents.geom), 0, 0, 1, false, false FROM incidents JOIN area ON {wanted.Weights is { Incidents: > 0 }} AND incidents.geom && area.geom AND ST_Intersects(incidents.geom, area.geom)
        WHERE incidents.reported_at > now() - interval '12 months'
        LIMIT {MostThings}
        """, row => new DivisionThing(Wkb.Read(row.GetFieldValue<byte[]>(0)), row.GetDouble(1), row.GetDouble(2), row.GetDouble(3), row.GetBoolean(4), row.GetBoolean(5)), cancellation);
}
