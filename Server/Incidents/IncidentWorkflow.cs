using GridMap.Server.Http;

namespace GridMap.Server.Incidents;

/// <summary>Which status may follow which, as one table. Closing is the check of what was solved, so only a solved incident closes.</summary>
public static class IncidentWorkflow
{
    public const string NotAllowed = "incident.step-not-allowed";
    public const string Final = "incident.final";

    public static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> Following = new Dictionary<string, IReadOnlyList<string>>
    {
        ["reported"] = ["accepted", "rejected"],
        ["accepted"] = ["assigned", "in-progress", "rejected"],
        ["assigned"] = ["in-progress", "accepted"],
        ["in-progress"] = ["solved", "assigned"],
        ["solved"] = ["closed", "in-progress"],
        ["closed"] = [],
        ["rejected"] = [],
    };

    public static bool IsFinal(string status) => Following[status].Count == 0;

    /// <exception cref="Refused">The step is not in the table; the reason says whether anything may follow at all.</exception>
    public static void Check(string from, string to)
    {
        var allowed = Following[from];
        if (allowed.Contains(to)) return;
        if (IsFinal(from)) throw new Refused(Final, $"The incident is {from}, and that is final.");
        throw new Refused(NotAllowed, $"From {from} an incident may become {string.Join(" or ", allowed)}, not {to}.");
    }
}
