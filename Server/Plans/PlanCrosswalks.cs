using GridMap.Server.Databases;
using GridMap.Server.Http;
using Npgsql;

namespace GridMap.Server.Plans;

/// <summary>What became of what when plans were published.</summary>
internal static class PlanCrosswalks
{
    /// <summary>The rows of a published plan, each with the people who answered for the old grid until that day and those who answer for the new one from then on.</summary>
    public static Task<List<CrosswalkRow>> Of(NpgsqlConnection connection, long plan, bool withPhones, CancellationToken cancellation) => connection.Query($"""
        WITH people AS (
            SELECT net_id, grid_code, valid_from, valid_to, role, person, phone FROM duties
            WHERE grid_code IN (SELECT old_code FROM grid_crosswalk WHERE plan_id = {plan} UNION SELECT new_code FROM grid_crosswalk WHERE plan_id = {plan})
        )
        SELECT old_code, new_code, old_grid_id, new_grid_id, area_square_metres, households, residents, open_incidents,
               before.roles, before.persons, before.phones, after.roles, after.persons, after.phones
        FROM grid_crosswalk AS rows
        CROSS JOIN LATERAL (
            SELECT coalesce(array_agg(role ORDER BY role, person), ARRAY[]::text[]) AS roles, coalesce(array_agg(person ORDER BY role, person), ARRAY[]::text[]) AS persons,
                   coalesce(array_agg(phone ORDER BY role, person), ARRAY[]::text[]) AS phones
            FROM people WHERE net_id = rows.net_id AND grid_code = old_code AND valid_from < effective_at AND valid_to >= effective_at) AS before
        CROSS JOIN LATERAL (
            SELECT coalesce(array_agg(role ORDER BY role, person), ARRAY[]::text[]) AS roles, coalesce(array_agg(person ORDER BY role, person), ARRAY[]::text[]) AS persons,
                   coalesce(array_agg(phone ORDER BY role, person), ARRAY[]::text[]) AS phones
            FROM people WHERE net_id = rows.net_id AND grid_code = new_code AND valid_from <= effective_at AND valid_to > effective_at) AS after
        WHERE plan_id = {plan} ORDER BY old_code, new_code
        """, row => new CrosswalkRow(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetDouble(4), row.GetInt32(5), row.GetInt32(6), row.GetInt32(7),
            People(row, 8, withPhones), People(row, 11, withPhones)), cancellation);

    private static DutyHolder[] People(NpgsqlDataReader row, int first, bool withPhones)
    {
        string[] roles = row.GetFieldValue<string[]>(first), persons = row.GetFieldValue<string[]>(first + 1), phones = row.GetFieldValue<string[]>(first + 2);
        return [.. roles.Select((role, i) => new DutyHolder(role, persons[i], withPhones ? phones[i] : null))];
    }
}
