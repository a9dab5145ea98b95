using GridMap.Geo.Grids;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using NetTopologySuite.Geometries;
using Npgsql;

namespace GridMap.Server.Plans;

/// <summary>Grids as the machine would draw them, from the streets, buildings and compounds in the tables. The same wishes give the same proposals.</summary>
internal static class PlanDivisions
{
    private const int MostLines = 50_000, MostThings = 100_000;

    public static ProposalsWanted Wanted(PlanDraft draft, ProposalsWanted wanted, List<FieldError> errors)
    {
        if (!draft.Areas.Contains(wanted.AreaId)) errors.Add(new FieldError("areaId", "area.not-found", $"the id of an area whose grids are in the plan: one of {string.Join(", ", draft.Areas.Take(20))}"));
        if (!(wanted.Keep >= 0 && wanted.Keep <= 1)) errors.Add(new FieldError("keep", "number.out-of-range", "a number from 0 to 1"));
        return wanted;
    }

    public static async Task<IReadOnlyList<PlanProposal>> Scores(NpgsqlConnection connection, PlanDraft draft, Plan plan, ProposalsWanted wanted, CancellationToken cancellation)
    {
        var (proposals, reason) = await Propose(connection, draft, plan, wanted, cancellation);
        if (reason is not null) throw new Refused("plan.edit-refused", $"{reason.Detail}.", [new FieldError("delineate", reason.Reason!, reason.Detail!)]);
        return [.. proposals.Select((proposal, i) => new PlanProposal(i, proposal.Edit.IsDone, proposal.Edit.Reason, proposal.Score.Grids, proposal.Score.ShareInBand, proposal.Score.NotContiguous,
            proposal.Score.Sizes.Min, proposal.Score.Sizes.Max, proposal.Score.Sizes.CoefficientOfVariation, proposal.Score.MeanCompactness, proposal.Score.OnStreets, proposal.Score.HouseholdsMoved, proposal.Score.Total))];
    }

    public static async Task<GridEditResult> Make(NpgsqlConnection connection, PlanDraft draft, Plan plan, ProposalsWanted wanted, int choice, CancellationToken cancellation)
    {
        var (proposals, reason) = await Propose(connection, draft, plan, wanted, cancellation);
        if (reason is not null) return reason;
        if (choice >= proposals.Count) throw Refused.Field("choice", "number.out-of-range", $"one of the {proposals.Count} proposals, counted from 0");
        var edit = proposals[choice].Edit;
        if (edit.IsDone) draft.Partition.Apply(edit.Change);
        return edit;
    }

    private static async Task<(IReadOnlyList<DivisionProposal> Proposals, GridEditResult? Reason)> Propose(
        NpgsqlConnection connection, PlanDraft draft, Plan plan, ProposalsWanted wanted, CancellationToken cancellation)
    {
        int[] faces = [.. draft.Partition.Faces.Where(face => draft.AreaOf(face) == wanted.AreaId)];
        var box = new Envelope();
        foreach (var face in faces) box.ExpandToInclude(draft.Partition.PolygonOf(face).EnvelopeInternal);
        var lines = await connection.Query($"""
            SELECT ST_AsBinary(geom), class FROM roads
            WHERE geom && ST_MakeEnvelope({box.MinX}, {box.MinY}, {box.MaxX}, {box.MaxY}, 4326) AND class IN ('expressway', 'ring', 'arterial', 'collector', 'lane') AND NOT tunnel
            ORDER BY id LIMIT {MostLines}
            """, row => new DividingLine((LineString)Wkb.Read(row.GetFieldValue<byte[]>(0)),
                row.GetString(1) is "expressway" or "ring" or "arterial" ? BorderKind.Arterial : BorderKind.Street), cancellation);
        var things = await connection.Query($"""
            WITH area AS MATERIALIZED (SELECT geom FROM areas WHERE id = {wanted.AreaId})
            SELECT ST_AsBinary(buildings.geom), households::double precision, residents::double precision FROM buildings JOIN area ON buildings.geom && area.geom AND ST_Intersects(buildings.centre, area.geom)
            UNION ALL
            SELECT ST_AsBinary(compounds.geom), 0, 0 FROM compounds JOIN area ON compounds.geom && area.geom AND ST_Intersects(compounds.geom, area.geom)
            LIMIT {MostThings}
            """, row => new DivisionThing(Wkb.Read(row.GetFieldValue<byte[]>(0)), row.GetDouble(1), row.GetDouble(2), 0), cancellation);
        var target = new DelineationTarget { Least = plan.Least, Most = plan.Most, Keep = wanted.Keep, Seed = wanted.Seed };
        var proposals = GridEdit.Divisions(draft.Partition, faces, lines, things, target, out var reason, null, cancellation);
        return (proposals, reason);
    }
}
