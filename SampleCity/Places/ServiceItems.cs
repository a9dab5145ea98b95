namespace GridMap.SampleCity.Places;

/// <summary>What a facility does for people, by its type: some of it everywhere, some of it here and there.</summary>
internal static class ServiceItems
{
    private static readonly Dictionary<string, (string[] Everywhere, string[] Here)> ByType = new()
    {
        ["party-centre"] = (["party-membership", "legal-aid", "mediation", "reading", "courses"], ["after-school", "employment"]),
        ["party-station"] = (["party-membership", "mediation", "drinking-water"], ["legal-aid", "after-school", "reading", "charging"]),
        ["community-centre"] = (["residence-permit", "social-security", "medical-insurance", "old-age-allowance"], ["disability-support", "employment", "mediation"]),
        ["warm-station"] = (["drinking-water", "charging", "first-aid-kit"], ["meal-heating"]),
        ["elderly-care"] = (["day-stay", "meals"], ["bathing", "blood-pressure"]),
        ["canteen"] = (["meals"], []),
        ["day-care"] = (["day-stay"], ["meals", "bathing"]),
        ["clinic"] = (["consultation", "blood-pressure"], ["vaccination", "chronic-disease"]),
        ["hospital"] = (["consultation", "vaccination", "chronic-disease", "blood-pressure"], []),
        ["pharmacy"] = (["blood-pressure"], ["first-aid-kit"]),
        ["library"] = (["reading", "courses"], []),
        ["youth-centre"] = (["courses", "after-school"], ["reading"]),
        ["police-station"] = (["residence-permit"], []),
    };

    /// <summary>Codes of the catalogue service-items with semicolons in between.</summary>
    /// <param name="type">Of the facility.</param>
    /// <param name="tier">Where people live (communities), not every one does everything.</param>
    /// <param name="number">Of the facility: what is done only here and there is so by its number, and no random number is used up.</param>
    public static string Of(string type, string tier, int number)
    {
        if (!ByType.TryGetValue(type, out var items)) return "";
        var here = items.Here.Where((_, i) => tier == "street" || ((number * 7 + i * 5) % 3) == 0);
        return string.Join(';', items.Everywhere.Concat(here));
    }
}
