using GridMap.Geo.Projections;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace GridMap.Server.Coverage;

public static class CoverageEndpoints
{
    private static readonly Parameter<string?> FacilityType = Parameters.TextOf("facilityType", 60, ("A facility type; a parent code includes its children.", "设施类型代码，上级代码含其下级。")).Required();
    private static readonly Parameter<string?> Tier = Parameters.TextOf("tier", 60, ("Only facilities of this tier.", "仅计这一层级的设施。"));

    public static void MapCoverage(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/coverage", Cover).About("Coverage", "Who is within reach of a service")
            .Takes(FacilityType, Reach.MinutesParameter, Reach.RadiusParameter, Parameters.AreaId, Tier).Reads()
            .WithSummary("Who is within reach of a kind of facility, and where the gaps are").IsProcess("coverage", "Coverage", "覆盖", "某类设施覆盖了哪些人，缺口在哪里", (http, stop) => Read(Question.Of(http), http.Service<Database>(), stop));

    private static async Task<(Reach Reach, string[] Types, long[]? Areas)> Read(Question ask, Database database, CancellationToken cancellation)
    {
        var reach = await Reach.Of(ask, database, cancellation);
        var types = (await IncidentFilter.Below("facility-types", "facilityType", [ask.Get(FacilityType)!], database, cancellation))!;
        return (reach, types, await IncidentFilter.AreasBelow(ask.Get(Parameters.AreaId), database, cancellation));
    }

    private static async Task<Ok<CoverageAnswer>> Cover(HttpContext http, Database database, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        var type = ask.Get(FacilityType)!;
        var (reach, types, areas) = await Read(ask, database, cancellation);

        await using var connection = await database.Open(cancellation);
        var facilities = await CoverageQueries.Facilities(connection, types, ask.Get(Tier), cancellation);
        var none = facilities.Count > 0 ? null : ask.Get(Tier) is not null && (await CoverageQueries.Facilities(connection, types, null, cancellation)).Count > 0 ? "other-tier" : "none";
        var buildings = await CoverageQueries.Buildings(connection, areas, cancellation);
        var within = new WithinReach(facilities, reach.RadiusMetres);
        var covered = new bool[buildings.Count];
        var missed = new List<int>();
        for (var i = 0; i < covered.Length; i++)
        {
            covered[i] = within.Reaches(buildings.Places.Lons[i], buildings.Places.Lats[i]);
            if (!covered[i] && buildings.AreHomes[i]) missed.Add(i);
        }
        var parts = CoverageSums.Parts(buildings, covered);
        var grids = await CoverageQueries.Grids(connection, parts.Select(part => part.Grid).Distinct().ToArray(), cancellation);
        var tree = await CoverageQueries.Areas(connection, cancellation);
        return TypedResults.Ok(new CoverageAnswer(type, facilities.Count, none, reach.RadiusMetres, reach.Minutes, "circle", CoverageSums.Total(parts),
            CoverageSums.ByLevel(parts, tree, "street"), CoverageSums.ByLevel(parts, tree, "community"), CoverageSums.ByGrid(parts, grids),
            new FeatureSet<MultiPolygonShape, Gap>("FeatureCollection", missed.Count == 0 ? [] : Gaps.Find(buildings, missed, within,
                await Plane(connection, buildings, cancellation), await CoverageQueries.Ground(connection, ask.Get(Parameters.AreaId), cancellation)))));
    }

    private static async Task<MetricPlane> Plane(NpgsqlConnection connection, BuildingColumns buildings, CancellationToken cancellation) =>
        await CoverageQueries.MetricSrid(connection, cancellation) is { } srid ? MetricPlane.ForSrid(srid) : MetricPlane.ForLonLat(buildings.Places.Lons[0], buildings.Places.Lats[0]);
}
