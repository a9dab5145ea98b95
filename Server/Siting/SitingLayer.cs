using GridMap.Server.Layers;
using GridMap.Server.Results;

namespace GridMap.Server.Siting;

/// <summary>The chosen sites as a layer.</summary>
internal static class SitingLayer
{
    private static readonly ResultColumn[] Columns =
    [
        new("kind", ColumnKind.Text), new("facilityId", ColumnKind.Integer), new("name", ColumnKind.Text), new("cost", ColumnKind.Number), new("capacity", ColumnKind.Integer), new("served", ColumnKind.Integer),
    ];

    public static ResultLayer Of(SitingResult answer) => new("sites", "point", Columns,
        [.. answer.Sites.Select(site => new ResultRow(ResultLayer.Point(site.Place), [site.Kind, site.Id, site.Name, site.Cost, site.Capacity, site.Served]))],
        [
            ("objective", answer.Objective), ("facilityType", answer.FacilityType), ("tier", answer.Tier), ("serviceItem", answer.ServiceItem), ("openAt", answer.OpenAt), ("areaId", answer.AreaId),
            ("existing", answer.ExistingRule), ("candidates", answer.CandidateKind), ("candidateType", answer.CandidateType), ("newSites", answer.Sites.Count(site => site.Kind == "new")), ("method", answer.Method), ("metres", answer.Metres), ("minutes", answer.Minutes), ("profile", answer.Profile), ("metresPerMinute", answer.MetresPerMinute),
            ("weight", answer.Weight), ("backup", answer.Backup), ("value", answer.Value), ("unit", answer.Unit), ("bound", answer.Bound), ("gapPercent", answer.GapPercent), ("isOptimal", answer.IsOptimal ? "true" : "false"), ("endedEarly", answer.EndedEarly ? "true" : "false"), ("seed", answer.Seed), ("dataVersion", answer.Version),
        ]);
}
