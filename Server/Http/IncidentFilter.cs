using GridMap.Server.Databases;

namespace GridMap.Server.Http;

/// <summary>What all questions about incidents share: period, categories with their children, status, area with everything below.</summary>
public sealed record IncidentFilter(DateTime? From, DateTime? To, string[]? Categories, string? Status, long[]? Areas)
{
    public static readonly Parameter<string?> StatusParameter = Parameters.Choice("status",
        ["open", "overdue", "closed", "reported", "accepted", "assigned", "in-progress", "solved", "rejected"],
        ("'open' is neither closed nor rejected, 'overdue' is open after its due time; or an exact status.", "open 为未办结（既未结案也未退回），overdue 为超期未办结；或为某一具体状态。"));

    /// <summary>For <c>.Takes(…)</c>.</summary>
    public static Parameter[] All => [Parameters.From, Parameters.To, Parameters.Category, StatusParameter, Parameters.AreaId];

    /// <exception cref="Refused">The period is empty, a category or the area does not exist.</exception>
    public static async Task<IncidentFilter> Of(Question ask, Database database, CityClock clock, CancellationToken cancellation)
    {
        var (from, to) = await clock.Period(ask, cancellation);
        var categories = await Below("incident-categories", "category", ask.Get(Parameters.Category), database, cancellation);
        return new IncidentFilter(from, to, categories, ask.Get(StatusParameter), await AreasBelow(ask.Get(Parameters.AreaId), database, cancellation));
    }

    /// <summary>Codes of a catalogue with all their children; null when nothing was asked.</summary>
    /// <exception cref="Refused">A code does not exist; the refusal names the field.</exception>
    public static async Task<string[]?> Below(string catalogue, string field, string[] codes, Database database, CancellationToken cancellation)
    {
        if (codes.Length == 0) return null;
        var below = await database.Query($"""
            WITH RECURSIVE below AS (
                SELECT code FROM catalogue_entries WHERE catalogue = {catalogue} AND code = ANY({codes})
                UNION
                SELECT child.code FROM catalogue_entries AS child JOIN below ON child.parent_code = below.code WHERE child.catalogue = {catalogue}
            )
            SELECT code FROM below
            """, reader => reader.GetString(0), cancellation);
        var unknown = codes.FirstOrDefault(code => !below.Contains(code));
        return unknown is null ? [.. below] : throw Refused.Field(field, $"{field}.unknown", $"a code of the catalogue {catalogue} ({unknown} is not in it)");
    }

    /// <summary>An area's id with the ids of everything below it; null when nothing was asked.</summary>
    /// <exception cref="Refused">The area does not exist.</exception>
    public static async Task<long[]?> AreasBelow(long? areaId, Database database, CancellationToken cancellation)
    {
        if (areaId is not { } top) return null;
        var areas = await database.Query($"SELECT areas_below({top})", reader => reader.GetInt64(0), cancellation);
        return areas.Count > 0 ? [.. areas] : throw Refused.Field("areaId", "area.not-found", "the id of an area");
    }

    /// <summary>The condition on the table <c>incidents</c>, under the name that the statement gives it.</summary>
    public Sql Where(string table = "incidents") => Sql.And(Conditions(table));

    /// <summary>The same without the period, for questions that compare periods.</summary>
    public Sql WhereAnyTime() => (this with { From = null, To = null }).Where();

    private IEnumerable<Sql> Conditions(string table)
    {
        if (From is { } from) yield return Sql.Of($"{Sql.Trusted(table)}.reported_at >= {from}");
        if (To is { } to) yield return Sql.Of($"{Sql.Trusted(table)}.reported_at < {to}");
        if (Categories is not null) yield return Sql.Of($"{Sql.Trusted(table)}.category = ANY({Categories})");
        if (Areas is not null) yield return Sql.Of($"{Sql.Trusted(table)}.area_id = ANY({Areas})");
        switch (Status)
        {
            case null: break;
            case "open": yield return Sql.Trusted($"{table}.closed_at IS NULL"); break;
            case "overdue": yield return Sql.Trusted($"{table}.closed_at IS NULL AND {table}.due_at < now()"); break;
            default: yield return Sql.Of($"{Sql.Trusted(table)}.status = {Status}"); break;
        }
    }
}
