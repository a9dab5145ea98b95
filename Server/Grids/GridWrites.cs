using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.Grids;

/// <summary>
/// Grids as clients of the standards may write them. Making one passes the same checks as drawing one; taking one away ends its validity, because
/// a case of last March belongs to last March's grid. What people call a grid and count in it may be changed; its boundary may not: that would
/// overwrite the past and open a gap to its neighbours, so boundaries change by plan.
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
    { AreaColumn = "area_id", Create = Create, Change = Change, Delete = End };

    private static async Task<IReadOnlyList<long>> Create(WriteContext context, IReadOnlyList<FeatureDraft> drafts)
    {
        var ids = new List<long>(drafts.Count);
        foreach (var draft in drafts)
        {
            var wanted = new GridProperties(draft.Text("name")!, draft.Text("net") ?? "base", draft.Text("kind") ?? "base", draft.Whole("areaId"), draft.Text("code"),
                (int?)draft.Whole("households"), (int?)draft.Whole("residents"), draft.Time("validFrom"));
            ids.Add(await GridEndpoints.Save(context.Connection, context.Caller, draft.Geometry!, wanted, context.Cancellation, draft.Path));
        }
        return ids;
    }

    private static async Task Change(WriteContext context, long id, FeatureDraft draft, bool whole)
    {
        var wkb = draft.Geometry is null ? null : Wkb.Write(draft.Geometry);
        var now = await context.Connection.QueryOne($"""
            SELECT grids.name, nets.code, grids.kind, grids.area_id, grids.code, grids.valid_from, grids.valid_to <= now(),
                   {wkb}::bytea IS NULL OR ST_Equals(grids.geom, tidy_polygon(ST_GeomFromWKB({wkb}::bytea, 4326)))
            FROM grids JOIN nets ON nets.id = grids.net_id WHERE grids.id = {id}
            """, row => (Name: row.GetString(0), Net: row.GetString(1), Kind: row.GetString(2), Area: row.GetInt64(3), Code: row.GetString(4),
                From: row.TimeOrNull(5), Ended: row.GetBoolean(6), SameBoundary: row.GetBoolean(7)), context.Cancellation);
        if (now.Ended) throw new Refused("grid.ended", $"The grid {id} has ended already.");
        if (!now.SameBoundary) throw new Refused("grid.boundary-by-plan", "A boundary is shared with neighbours and belongs to a date: change it by a plan (/api/plans).");
        var errors = new List<FieldError>();
        Stays("net", draft.Text("net"), now.Net);
        Stays("kind", draft.Text("kind"), now.Kind);
        Stays("code", draft.Text("code"), now.Code);
        if (draft.Whole("areaId") is { } area && area != now.Area) Fixed("areaId", $"{now.Area}");
        if (draft.Time("validFrom") is { } from && from != now.From) Fixed("validFrom", $"{now.From:O}");
        if (errors.Count > 0) throw new Refused(Problems.Unprocessable, "A grid keeps its net, kind, area, code and beginning.", errors);
        var (households, residents) = (whole || draft.Values.ContainsKey("households"), whole || draft.Values.ContainsKey("residents"));
        await context.Connection.Execute($"""
            UPDATE grids SET name = {draft.Text("name") ?? now.Name},
                households = CASE WHEN {households} THEN {(int?)draft.Whole("households")}::integer ELSE households END,
                residents = CASE WHEN {residents} THEN {(int?)draft.Whole("residents")}::integer ELSE residents END
            WHERE id = {id}
            """, context.Cancellation);

        void Stays(string name, string? sent, string is_)
        {
            if (sent is not null && sent != is_) Fixed(name, is_);
        }

        void Fixed(string name, string is_) => errors.Add(new FieldError($"{draft.Path}properties.{name}", "value.fixed", $"{is_}, or nothing"));
    }

    private static async Task End(WriteContext context, long id)
    {
        // One that has not begun has never been anybody's grid.
        if (await context.Connection.Execute($"DELETE FROM grids WHERE id = {id} AND valid_from > now()", context.Cancellation) == 1) return;
        if (await context.Connection.Execute($"UPDATE grids SET valid_to = greatest(now(), valid_from + interval '1 microsecond') WHERE id = {id} AND valid_to > now()", context.Cancellation) == 0)
            throw new Refused("grid.ended", $"The grid {id} has ended already.");
    }
}
