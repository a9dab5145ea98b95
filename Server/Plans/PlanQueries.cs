using System.Text.Json;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using Npgsql;

namespace GridMap.Server.Plans;

internal static class PlanQueries
{
    // A base of now is not to come, though the clocks of server and database differ a little.
    private static readonly Sql Columns = Sql.Trusted("""
        plans.id, plans.name, nets.code, areas.id, areas.code, areas.name, areas.name_en, areas.level, plans.base_at, plans.status, plans.version, plans.position,
        (SELECT count(*) FROM plan_steps WHERE plan_id = plans.id AND step > plans.position), plans.least, plans.most, plans.effective_at, plans.reason,
        plans.created_at, plans.created_by, plans.published_at, plans.published_by, plans.base_at > clock_timestamp() + interval '1 minute', plans.limits::text
        """);

    private static readonly Sql Tables = Sql.Trusted("plans JOIN nets ON nets.id = plans.net_id JOIN areas ON areas.id = plans.area_id");

    public static Task<Plan?> One(NpgsqlConnection connection, long id, CancellationToken cancellation) =>
        connection.QueryOne($"SELECT {Columns} FROM {Tables} WHERE plans.id = {id}", Read, cancellation);

    /// <summary>The plan, and nobody else changes it before this transaction ends.</summary>
    public static async Task<Plan> Lock(NpgsqlConnection connection, long id, CancellationToken cancellation) =>
        await connection.QueryOne($"SELECT {Columns} FROM {Tables} WHERE plans.id = {id} FOR UPDATE OF plans", Read, cancellation) ?? throw Refused.NotFound("plan", id);

    public static Task<List<Plan>> List(NpgsqlConnection connection, Sql where, int limit, CancellationToken cancellation) =>
        connection.Query($"SELECT {Columns} FROM {Tables} WHERE {where} ORDER BY plans.id DESC LIMIT {limit}", Read, cancellation);

    private static Plan Read(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetString(2),
        new AreaRef(row.GetInt64(3), row.GetString(4), row.GetString(5), row.GetString(6), row.GetString(7)), row.GetDateTime(8), row.GetString(9), row.GetInt32(10), row.GetInt32(11),
        (int)row.GetInt64(12), row.GetDouble(13), row.GetDouble(14), row.TimeOrNull(15), row.GetString(16), row.GetDateTime(17), row.GetString(18), row.TimeOrNull(19), row.TextOrNull(20), row.GetBoolean(21), PlanLimits.Read(row.GetString(22)));

    public static Task<List<PlanStep>> Steps(NpgsqlConnection connection, Plan plan, Func<int, string> key, CancellationToken cancellation) =>
        connection.Query($"SELECT step, name, command, touched, made_at, made_by FROM plan_steps WHERE plan_id = {plan.Id} ORDER BY step", row =>
        {
            using var command = JsonDocument.Parse(row.GetString(2));
            return new PlanStep(row.GetInt32(0), row.GetString(1), command.RootElement.Clone(), [.. row.GetFieldValue<int[]>(3).Select(key)], row.GetInt32(0) <= plan.Steps, row.GetDateTime(4), row.GetString(5));
        }, cancellation);

    public static Task<List<PlanComment>> Comments(NpgsqlConnection connection, long plan, CancellationToken cancellation) =>
        connection.Query($"SELECT id, grid, ST_X(place), ST_Y(place), text, made_at, made_by FROM plan_comments WHERE plan_id = {plan} ORDER BY id LIMIT 1000", row =>
            new PlanComment(row.GetInt64(0), row.TextOrNull(1), row.IsDBNull(2) ? null : new Place(row.GetDouble(2), row.GetDouble(3)), row.GetString(4), row.GetDateTime(5), row.GetString(6)), cancellation);

    public static Task<List<PlanConsultation>> Consultations(NpgsqlConnection connection, long plan, CancellationToken cancellation) =>
        connection.Query($"""
            SELECT plan_consultations.id, areas.id, areas.code, areas.name, areas.name_en, areas.level, agrees, reason, version, made_at, made_by
            FROM plan_consultations JOIN areas ON areas.id = plan_consultations.area_id WHERE plan_id = {plan} ORDER BY plan_consultations.id LIMIT 1000
            """, row => new PlanConsultation(row.GetInt64(0), new AreaRef(row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5)), row.GetBoolean(6),
                row.GetString(7), row.GetInt32(8), row.GetDateTime(9), row.GetString(10)), cancellation);

    /// <summary>Other drafts whose applied steps touch the same grids of the base.</summary>
    public static async Task<IReadOnlyList<PlanConflict>> Conflicts(NpgsqlConnection connection, PlanDraft draft, CancellationToken cancellation)
    {
        var mine = draft.Claims().Select(grid => grid.GridId).ToArray();
        if (mine.Length == 0) return [];
        return await connection.Query($"""
            WITH touched AS MATERIALIZED (
                SELECT DISTINCT plans.id, face FROM plans JOIN plan_steps ON plan_steps.plan_id = plans.id AND plan_steps.step <= plans.position CROSS JOIN unnest(plan_steps.touched) AS face
                WHERE plans.status = 'draft' AND plans.id <> {draft.PlanId}
            )
            SELECT plans.id, plans.name, plans.created_by, array_agg(grids.code ORDER BY grids.code)
            FROM touched JOIN plan_grids ON plan_grids.plan_id = touched.id AND plan_grids.face = touched.face AND plan_grids.grid_id = ANY ({mine})
                         JOIN grids ON grids.id = plan_grids.grid_id JOIN plans ON plans.id = touched.id
            GROUP BY plans.id ORDER BY plans.id LIMIT 100
            """, row => new PlanConflict(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetFieldValue<string[]>(3)), cancellation);
    }
}
