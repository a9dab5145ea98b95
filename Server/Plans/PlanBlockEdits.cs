using GridMap.Geo.Grids;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Union;
using Npgsql;

namespace GridMap.Server.Plans;

/// <summary>The blocks of a draft: shown, and handed from grid to grid. A building goes with the block that it stands in, for no border may pass through or around one alone.</summary>
internal static class PlanBlockEdits
{
    private const int MostPlaces = 100;

    /// <summary>Of one area of the draft.</summary>
    public static async Task<IReadOnlyList<GridBlock>> Of(NpgsqlConnection connection, Plan plan, ArcPartition grids, long[] areas, long area, CancellationToken cancellation)
    {
        var wanted = new ProposalsWanted(area);
        var faces = PlanProposer.Faces(grids, areas, area);
        var (lines, things) = await PlanProposer.Read(connection, plan, grids, faces, area, wanted, cancellation);
        var blocks = GridEdit.BlockOutlines(grids, faces, lines, things, PlanDivisions.Target(plan, wanted), out var reason);
        return reason is null ? blocks : throw PlanProposer.NoWay(reason);
    }

    /// <summary>The land of the blocks in which these places and buildings lie.</summary>
    /// <exception cref="Refused">A place lies in no grid of the draft, or there is no such building.</exception>
    public static async Task<Geometry> Land(NpgsqlConnection connection, Plan plan, PlanDraft draft, PlanCommand command, CancellationToken cancellation)
    {
        var (places, errors) = (new List<(string Field, Point Place)>(), new List<FieldError>());
        foreach (var (at, i) in (command.Places ?? []).Select((at, i) => (at, i)))
        {
            if (at is [>= -180 and <= 180, >= -90 and <= 90]) places.Add(($"places[{i}]", new Point(at[0], at[1])));
            else errors.Add(new FieldError($"places[{i}]", "position.unreadable", "a position [lon, lat]"));
        }
        var wanted = (command.Buildings ?? []).ToArray();
        if (places.Count + errors.Count + wanted.Length is 0 or > MostPlaces) throw Refused.Field(command.Buildings is null ? "places" : "buildings", "list.length", $"1 to {MostPlaces} places or buildings");
        var centres = (await connection.Query($"SELECT id, ST_X(centre), ST_Y(centre) FROM buildings WHERE id = ANY ({wanted})", row => (Id: row.GetInt64(0), At: new Point(row.GetDouble(1), row.GetDouble(2))), cancellation))
            .ToDictionary(row => row.Id, row => row.At);
        foreach (var (id, i) in wanted.Select((id, i) => (id, i)))
        {
            if (centres.TryGetValue(id, out var at)) places.Add(($"buildings[{i}]", at));
            else errors.Add(new FieldError($"buildings[{i}]", "building.not-found", "the id of a building"));
        }
        var land = new List<Geometry>();
        foreach (var here in places.GroupBy(place => AreaOf(draft, place.Place)))
        {
            var blocks = here.Key is { } area ? await Of(connection, plan, draft.Partition, draft.Areas, area, cancellation) : [];
            foreach (var (field, place) in here)
            {
                if (blocks.FirstOrDefault(block => block.Outline.EnvelopeInternal.Contains(place.Coordinate) && block.Outline.Covers(place)) is { } block) land.Add(block.Outline);
                else errors.Add(new FieldError(field, "place.outside", "a place in a grid of the draft"));
            }
        }
        return errors.Count > 0 ? throw Refused.Fields(errors) : UnaryUnionOp.Union(land.Distinct());
    }

    private static long? AreaOf(PlanDraft draft, Point place)
    {
        foreach (var face in draft.Partition.Faces)
        {
            var polygon = draft.Partition.PolygonOf(face);
            if (polygon.EnvelopeInternal.Contains(place.Coordinate) && polygon.Covers(place)) return draft.AreaOf(face);
        }
        return null;
    }
}
