using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.Grids;

/// <summary>
/// Grids as clients of the standards may write them. Making one passes the same checks as drawing one; taking one away ends its validity, because
/// a case of last March belongs to last March's grid. A boundary is never overwritten, so there is no replacing.
/// </summary>
internal static class GridWrites
{
    public static readonly LayerWrites Rules = new(Role.Planner,
    [
        new("name", "name", ColumnKind.Text) { IsRequired = true, MostCharacters = 100 },
        new("net", "net", ColumnKind.Text) { MostCharacters = 40 },
        new("kind", "kind", ColumnKind.Text) { Choices = ["base", "special", "micro"] },
        new("areaId", "area_id", ColumnKind.Integer) { Least = 1, Most = long.MaxValue },
        new("code", "code", ColumnKind.Text) { MostCharacters = 40 },
        new("households", "households", ColumnKind.Integer) { Most = 1_000_000 },
        new("residents", "residents", ColumnKind.Integer) { Most = 5_000_000 },
        new("validFrom", "valid_from", ColumnKind.Time),
    ])
    { MayReplace = false, AreaColumn = "area_id", Create = Create, Delete = End };

    private static async Task<IReadOnlyList<long>> Create(WriteContext context, IReadOnlyList<FeatureDraft> drafts)
    {
        var ids = new List<long>(drafts.Count);
        foreach (var draft in drafts)
        {
            var wanted = new GridProperties(draft.Text("name")!, draft.Text("net") ?? "base", draft.Text("kind") ?? "base", draft.Whole("areaId"), draft.Text("code"),
                (int?)draft.Whole("households"), (int?)draft.Whole("residents"), draft.Time("validFrom"));
            ids.Add(await GridEndpoints.Save(context.Connection, context.Caller, draft.Geometry!, wanted, context.Cancellation));
        }
        return ids;
    }

    private static async Task End(WriteContext context, long id)
    {
        // One that has not begun has never been anybody's grid.
        if (await context.Connection.Execute($"DELETE FROM grids WHERE id = {id} AND valid_from > now()", context.Cancellation) == 1) return;
        if (await context.Connection.Execute($"UPDATE grids SET valid_to = greatest(now(), valid_from + interval '1 microsecond') WHERE id = {id} AND valid_to > now()", context.Cancellation) == 0)
            throw new Refused("grid.ended", $"The grid {id} has ended already.");
    }
}
