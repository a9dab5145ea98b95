using GridMap.Server.Databases;
using GridMap.Server.Http;
using Npgsql;

namespace GridMap.Server.Plans;

/// <summary>Who answers for the grids of a plan until it comes into force, and from then on; of a draft by the people of now, or of the day to come on which its base begins.</summary>
internal sealed class PlanDuties(ILookup<string, PlanDuties.Duty> duties)
{
    internal sealed record Duty(string Code, bool Before, bool After, DutyHolder Holder);

    public static async Task<PlanDuties> Of(NpgsqlConnection connection, Plan plan, string[] codes, bool withPhones, CancellationToken cancellation) => new((await connection.Query($"""
        SELECT grid_code, valid_from < at, valid_to > at, role, person, phone
        FROM duties JOIN nets ON nets.id = duties.net_id AND nets.code = {plan.Net}, (SELECT coalesce({plan.EffectiveAt}::timestamptz, greatest(now(), {plan.BaseAt}::timestamptz)) AS at) AS moment
        WHERE grid_code = ANY ({codes}) AND valid_from <= at AND valid_to >= at ORDER BY role, person
        """, row => new Duty(row.GetString(0), row.GetBoolean(1), row.GetBoolean(2), new DutyHolder(row.GetString(3), row.GetString(4), withPhones ? row.GetString(5) : null)), cancellation)).ToLookup(duty => duty.Code));

    public DutyHolder[] Before(string code) => [.. duties[code].Where(duty => duty.Before).Select(duty => duty.Holder)];

    /// <param name="code">Of a grid that goes on; null for a new one.</param>
    /// <param name="from">The grid whose people a new one gets.</param>
    public DutyHolder[] After(string? code, string from) => code is null ? Before(from) : [.. duties[code].Where(duty => duty.After).Select(duty => duty.Holder)];

    /// <summary>Of the grids that gave land to a new one, the one whose people go with it: that which gave most households, then most land.</summary>
    public static T? Giver<T>(IEnumerable<T> gave, Func<T, long> households, Func<T, double> squareMetres)
        where T : class => gave.OrderByDescending(households).ThenByDescending(squareMetres).FirstOrDefault();
}
