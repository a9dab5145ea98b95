using GridMap.Server.Databases;
using GridMap.Server.Http;
using Npgsql;

namespace GridMap.Server.Plans;

/// <summary>What one version of a draft made different from the version before it.</summary>
internal sealed record PlanVersion(int Version, string Kind, int[] Touched, string MadeBy);

/// <summary>The versions of drafts: who has touched which grids since a planner last looked.</summary>
internal static class PlanVersions
{
    private const int MostBehind = 1_000;

    /// <summary>Edits that read more of the draft than they change count only for the version they were given on.</summary>
    private static readonly string[] OfTheWhole = ["delineate", "redraw"];

    public static Task Keep(NpgsqlConnection connection, long plan, PlanVersion version, CancellationToken cancellation) =>
        connection.Execute($"INSERT INTO plan_versions (plan_id, version, kind, touched, made_by) VALUES ({plan}, {version.Version}, {version.Kind}, {version.Touched}, {version.MadeBy})", cancellation);

    /// <summary>Every version behind the given one, oldest first; null where they are not all on record.</summary>
    public static async Task<IReadOnlyList<PlanVersion>?> Since(NpgsqlConnection connection, Plan plan, int version, CancellationToken cancellation)
    {
        if (version > plan.Version || plan.Version - version > MostBehind) return null;
        var behind = await connection.Query($"SELECT version, kind, touched, made_by FROM plan_versions WHERE plan_id = {plan.Id} AND version > {version} AND version <= {plan.Version} ORDER BY version",
            row => new PlanVersion(row.GetInt32(0), row.GetString(1), row.GetFieldValue<int[]>(2), row.GetString(3)), cancellation);
        return behind.Count == plan.Version - version ? behind : null;
    }

    /// <summary>
    /// What others did since the version that an edit was given on, where the edit may still be made beside it. What was taken back meanwhile could be made again, and an edit
    /// would end that: then the planner looks first.
    /// </summary>
    /// <exception cref="Refused">The edit counts only for the version it was given on.</exception>
    public static async Task<IReadOnlyList<PlanVersion>> Meanwhile(NpgsqlConnection connection, Plan plan, int? expected, PlanCommand command, CancellationToken cancellation)
    {
        if (expected is not { } version || version == plan.Version) return [];
        var behind = OfTheWhole.Contains(command.Type) ? null : await Since(connection, plan, version, cancellation);
        return behind is not null && behind.All(each => each.Kind != "undo") ? behind : throw Overtaken(plan, version);
    }

    public static Refused Overtaken(Plan plan, int version) =>
        new(Problems.PreconditionFailed, $"The plan is at version {plan.Version}, not {version}. Read it again.");

    /// <summary>The refusal of an edit of grids that somebody else changed meanwhile; null where nobody did.</summary>
    public static Refused? Contested(PlanDraft draft, Plan plan, int version, IReadOnlyList<PlanVersion> meanwhile, IReadOnlyCollection<int> touched)
    {
        var other = meanwhile.FirstOrDefault(each => each.Touched.Any(touched.Contains));
        return other is null ? null : new Refused(Problems.PreconditionFailed,
            $"The plan is at version {plan.Version}, not {version}, and {other.MadeBy} has changed {string.Join(", ", other.Touched.Where(touched.Contains).Take(5).Select(draft.Key))} since. Read it again.");
    }
}
