using GridMap.Geo.Grids;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using NetTopologySuite.Geometries;
using Npgsql;

namespace GridMap.Server.Plans;

/// <summary>Makes a draft the law from a date on, in one transaction: dated rows, codes, crosswalk, people.</summary>
internal static class PlanPublishing
{
    /// <summary>Land that goes from an old grid to a new one.</summary>
    private sealed record Handed(string OldCode, string NewCode, long OldGridId, long NewGridId, double AreaSquareMetres, int Households, int Residents, int OpenIncidents);

    private sealed record NewGrid(int Face, string Code, string Name, long AreaId, long? Replaces, Polygon Boundary);

    public static async Task<PlanCheck> Check(NpgsqlConnection connection, PlanFigures figures, PlanDraft draft, Plan plan, bool all, CancellationToken cancellation)
    {
        var grids = await figures.Count(connection, [.. (all ? draft.Partition.Faces : draft.Changed()).Select(face => PlanFigures.Of(draft, face))], plan, draft.Partition.Plane, false, cancellation);
        var faults = await PlanFaults.Of(connection, draft, plan, grids, all, cancellation);
        foreach (var said in (await PlanQueries.Consultations(connection, plan.Id, cancellation)).GroupBy(said => said.Area.Id).Select(group => group.Last()).Where(said => !said.Agrees))
            faults.Add(new("plan.objection", PlanFaults.Warning, $"{said.Area.Name}: {said.Reason}", [], null, null, said.Area.Code, null, null, false));
        var blocked = faults.Any(fault => fault.Severity == PlanFaults.Blocking);
        return new(plan.Version, !blocked, faults.Count > 0, faults, await PlanQueries.Conflicts(connection, draft, cancellation));
    }

    public static async Task<PlanPublished> Publish(NpgsqlConnection connection, PlanFigures figures, PlanDraft draft, Plan plan, Caller caller, DateTime? effectiveAt, string reason, CancellationToken cancellation)
    {
        // Boundaries of one net are saved one after the other, whoever saves them.
        await connection.Execute($"SELECT pg_advisory_xact_lock(hashtext('grids.' || {plan.Net}))", cancellation);
        var effective = await connection.Scalar<DateTime>($"SELECT greatest(coalesce({effectiveAt}::timestamptz, now()), now())", cancellation);
        if (effectiveAt is { } asked && asked < effective.AddMinutes(-5)) throw Refused.Field("effectiveAt", "time.out-of-range", "a time that is not past");
        var claims = draft.Claims();
        var changed = draft.Changed();
        var renamed = draft.Base.Where(grid => draft.Partition.Has(grid.Face) && !changed.Contains(grid.Face) && draft.NameOf(grid.Face) != grid.Name).ToArray();
        if (claims.Count == 0 && changed.Count == 0 && renamed.Length == 0) throw new Refused("plan.nothing-to-publish", "The draft is as the base is.");
        await StillInForce(connection, [.. claims.Concat(renamed)], effective, cancellation);
        var check = await Check(connection, figures, draft, plan, false, cancellation);
        if (!check.Ok) throw new Refused("plan.faults", $"The draft has {check.Faults.Count(fault => fault.Severity == PlanFaults.Blocking)} fault(s) that keep it from being published.", faults: check.Faults);
        if (check.NeedsReason && reason.Trim().Length == 0)
            throw new Refused("plan.reason-needed", $"There are {check.Faults.Count} warning(s): say in reason why it is published all the same.", [new FieldError("reason", "field.missing", "a reason")], check.Faults);

        var codes = await Codes(connection, draft, plan, [.. changed.Where(face => draft.BaseOf(face) is null)], cancellation);
        NewGrid[] made = [.. changed.Concat(renamed.Select(grid => grid.Face)).Select(face => draft.BaseOf(face) is { } grid
            ? new NewGrid(face, grid.Code, draft.NameOf(face), draft.AreaOf(face), grid.GridId, draft.Partition.PolygonOf(face))
            : new NewGrid(face, codes[face], draft.NameOf(face) is { Length: > 0 } name ? name : codes[face], draft.AreaOf(face), null, draft.Partition.PolygonOf(face)))];
        var ended = claims.Concat(renamed).Select(grid => grid.GridId).Distinct().ToArray();
        // Buildings are given their grids once, by the settling below, not once for the old boundaries and once for the new.
        await connection.Execute($"SELECT set_config('gridmap.grids_later', 'on', true)", cancellation);
        await connection.Execute($"UPDATE grids SET valid_to = {effective} WHERE id = ANY ({ended})", cancellation);
        var ids = await Insert(connection, plan, made, effective, cancellation);
        var moved = await Crosswalk(connection, plan, claims, [.. made.Where(grid => changed.Contains(grid.Face))], ids, effective, cancellation);
        BaseGrid[] voided = [.. claims.Where(grid => !draft.Partition.Has(grid.Face))];
        await HandOver(connection, plan, voided, [.. made.Where(grid => grid.Replaces is null)], moved, effective, cancellation);
        await connection.Execute($"""
            UPDATE plans SET status = 'published', effective_at = {effective}, reason = {reason.Trim()}, published_at = now(), published_by = {caller.Name}, version = version + 1 WHERE id = {plan.Id}
            """, cancellation);
        await PlanSettling.Settle(connection, cancellation);
        return new((await PlanQueries.One(connection, plan.Id, cancellation))!, await PlanCrosswalks.Of(connection, plan.Id, true, cancellation), [.. voided.Select(grid => grid.Code)], [.. codes.OrderBy(pair => pair.Key).Select(pair => pair.Value)]);
    }

    /// <exception cref="Refused">Some of the base's grids have ended or changed since, or will before this date.</exception>
    private static async Task StillInForce(NpgsqlConnection connection, IReadOnlyList<BaseGrid> grids, DateTime effective, CancellationToken cancellation)
    {
        var ids = grids.Select(grid => grid.GridId).Distinct().ToArray();
        var gone = await connection.Query($"""
            SELECT code, valid_to FROM grids WHERE id = ANY ({ids}) AND valid_to <> 'infinity' ORDER BY code
            """, row => (Code: row.GetString(0), Until: row.GetDateTime(1)), cancellation);
        if (gone.Count > 0)
        {
            var until = gone.Max(grid => grid.Until);
            var when = until > DateTime.UtcNow ? $"are changed by another plan from {until:yyyy-MM-ddTHH:mm:ssZ} on" : "are no longer in force";
            throw new Refused("plan.base-changed", $"{gone.Count} grid(s) of the base {when}: {string.Join(", ", gone.Take(5).Select(grid => grid.Code))}. Put the draft over the boundaries that follow (rebase).",
                faults: gone.Select(grid => new PlanFault("plan.base-changed", PlanFaults.Blocking, $"{grid.Code} was changed by another plan.", [grid.Code], null, null, null, null, null, false)).ToList());
        }
        var begins = await connection.Scalar<DateTime?>($"SELECT max(valid_from) FROM grids WHERE id = ANY ({ids}) AND isfinite(valid_from) AND valid_from >= {effective}", cancellation);
        if (begins is { } begin) throw Refused.Field("effectiveAt", "time.before-base", $"a time after {begin:yyyy-MM-ddTHH:mm:ssZ}, when the boundaries under this plan come into force");
    }

    /// <summary>New codes by the city's profile, in each area row by row from the north, each row from the west; a code once given is never given again.</summary>
    private static async Task<Dictionary<int, string>> Codes(NpgsqlConnection connection, PlanDraft draft, Plan plan, int[] faces, CancellationToken cancellation)
    {
        var codes = new Dictionary<int, string>();
        var profile = GridCodeProfiles.Find(await connection.Scalar<string>($"SELECT grid_code FROM city", cancellation) ?? "") ?? GridCodeProfiles.Unit15;
        foreach (var group in faces.GroupBy(draft.AreaOf).OrderBy(group => group.Key))
        {
            var areaCode = (await connection.Scalar<string>($"SELECT code FROM areas WHERE id = {group.Key}", cancellation))!;
            var used = await connection.Query($"SELECT DISTINCT grids.code FROM grids JOIN nets ON nets.id = grids.net_id WHERE nets.code = {plan.Net} AND starts_with(grids.code, {areaCode})", row => row.GetString(0), cancellation);
            var members = group.ToArray();
            var middles = members.Select(face => draft.Partition.PolygonOf(face).InteriorPoint).Select(point => draft.Partition.Plane.ToMetres(point.X, point.Y)).ToArray();
            var heights = members.Select(face => draft.Partition.PolygonOf(face).EnvelopeInternal.Height * 110_900).Order().ToArray();
            foreach (var i in GridCode.SerialOrder(Array.ConvertAll(middles, at => at.X), Array.ConvertAll(middles, at => at.Y), heights[heights.Length / 2]))
            {
                var code = Next(areaCode, used, profile);
                used.Add(code);
                codes.Add(members[i], code);
            }
        }
        return codes;
    }

    private static string Next(string areaCode, List<string> used, GridCodeProfile profile)
    {
        if (areaCode.Length == profile.PrefixLength && areaCode.All(char.IsAsciiDigit))
        {
            var next = GridCode.Next(areaCode, used, profile);
            return next.Code ?? throw new Refused("plan.no-code", $"There is no free code in {areaCode}: {next.Detail}.");
        }
        var highest = used.Select(code => code.StartsWith(areaCode + "-", StringComparison.Ordinal) && int.TryParse(code.AsSpan(areaCode.Length + 1), out var serial) ? serial : 0).DefaultIfEmpty(0).Max();
        return $"{areaCode}-{highest + 1:000}";
    }

    private static async Task<Dictionary<int, long>> Insert(NpgsqlConnection connection, Plan plan, NewGrid[] made, DateTime effective, CancellationToken cancellation)
    {
        if (made.Length == 0) return [];
        var rows = await connection.Query($"""
            WITH given AS MATERIALIZED (
                SELECT n, code, name, area_id, ST_GeomFromWKB(wkb, 4326) AS geom
                FROM unnest({made.Select(grid => grid.Code).ToArray()}, {made.Select(grid => grid.Name).ToArray()}, {made.Select(grid => grid.AreaId).ToArray()}, {made.Select(grid => Wkb.Write(grid.Boundary)).ToArray()})
                     WITH ORDINALITY AS given (code, name, area_id, wkb, n)
            ), placed AS (
                SELECT DISTINCT ON (buildings.id) given.code, buildings.households, buildings.residents FROM given JOIN buildings ON buildings.centre && given.geom AND ST_Intersects(buildings.centre, given.geom)
                ORDER BY buildings.id, given.code
            ), homes AS (SELECT code, sum(households)::integer AS households, sum(residents)::integer AS residents FROM placed GROUP BY code)
            INSERT INTO grids (net_id, code, name, kind, area_id, households, residents, valid_from, geom)
            SELECT nets.id, given.code, given.name, 'base', area_id, coalesce(homes.households, 0), coalesce(homes.residents, 0), {effective}, ST_Multi(given.geom)
            FROM given JOIN nets ON nets.code = {plan.Net} LEFT JOIN homes ON homes.code = given.code ORDER BY n
            RETURNING id, code
            """, row => (Id: row.GetInt64(0), Code: row.GetString(1)), cancellation);
        var byCode = rows.ToDictionary(row => row.Code, row => row.Id);
        return made.ToDictionary(grid => grid.Face, grid => byCode[grid.Code]);
    }

    private static async Task<List<Handed>> Crosswalk(
        NpgsqlConnection connection, Plan plan, IReadOnlyList<BaseGrid> claims, NewGrid[] made, Dictionary<int, long> ids, DateTime effective, CancellationToken cancellation)
    {
        var moves = await PlanComparisons.Moves(connection, [.. claims.Select(grid => Wkb.Write(grid.Boundary))], [.. made.Select(grid => Wkb.Write(grid.Boundary))], cancellation);
        var rows = moves.ConvertAll(move => new Handed(claims[move.Old].Code, made[move.New].Code, claims[move.Old].GridId, ids[made[move.New].Face], move.SquareMetres, move.Households, move.Residents, move.OpenIncidents));
        await connection.Execute($"""
            INSERT INTO grid_crosswalk (plan_id, net_id, old_grid_id, new_grid_id, old_code, new_code, effective_at, area_square_metres, households, residents, open_incidents)
            SELECT {plan.Id}, nets.id, old_id, new_id, old_code, new_code, {effective}, area, households, residents, open
            FROM unnest({rows.Select(row => row.OldGridId).ToArray()}, {rows.Select(row => row.NewGridId).ToArray()}, {rows.Select(row => row.OldCode).ToArray()}, {rows.Select(row => row.NewCode).ToArray()},
                        {rows.Select(row => row.AreaSquareMetres).ToArray()}, {rows.Select(row => row.Households).ToArray()}, {rows.Select(row => row.Residents).ToArray()}, {rows.Select(row => row.OpenIncidents).ToArray()})
                 AS given (old_id, new_id, old_code, new_code, area, households, residents, open) JOIN nets ON nets.code = {plan.Net}
            """, cancellation);
        return rows;
    }

    /// <summary>People go with the land: a new grid gets those of the grid that gave it most households (or most land), a voided one's are released.</summary>
    private static async Task HandOver(
        NpgsqlConnection connection, Plan plan, BaseGrid[] voided, NewGrid[] fresh, List<Handed> crosswalk, DateTime effective, CancellationToken cancellation)
    {
        foreach (var grid in fresh)
        {
            if (PlanDuties.Giver(crosswalk.Where(row => row.NewCode == grid.Code), row => row.Households, row => row.AreaSquareMetres) is not { } from) continue;
            await connection.Execute($"""
                INSERT INTO duties (net_id, grid_code, role, person, phone, valid_from)
                SELECT net_id, {grid.Code}, role, person, phone, {effective} FROM duties JOIN nets ON nets.id = duties.net_id
                WHERE nets.code = {plan.Net} AND grid_code = {from.OldCode} AND duties.valid_from <= {effective} AND duties.valid_to > {effective}
                """, cancellation);
        }
        var codes = voided.Select(grid => grid.Code).ToArray();
        await connection.Execute($"""
            UPDATE duties SET valid_to = {effective} FROM nets WHERE nets.id = duties.net_id AND nets.code = {plan.Net} AND grid_code = ANY ({codes}) AND valid_from < {effective} AND valid_to > {effective}
            """, cancellation);
    }
}
