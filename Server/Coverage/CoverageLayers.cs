using GridMap.Server.Http;
using GridMap.Server.Layers;
using GridMap.Server.Results;
using Npgsql;

namespace GridMap.Server.Coverage;

/// <summary>Answers about coverage as layers: the shapes of streets, communities or grids with their figures, and gaps.</summary>
internal static class CoverageLayers
{
    private static readonly ResultColumn[] Names = [new("id", ColumnKind.Integer), new("code", ColumnKind.Text), new("name", ColumnKind.Text)];

    private static readonly ResultColumn[] CoverColumns =
    [
        .. new[] { "buildings", "households", "residents", "elderly", "children" }.SelectMany(what => new[] { what, $"{what}Covered", $"{what}OffNetwork" }).Select(name => new ResultColumn(name, ColumnKind.Integer)),
        new("buildingsTwice", ColumnKind.Integer), new("residentsTwice", ColumnKind.Integer), new("buildingsOften", ColumnKind.Integer), new("residentsOften", ColumnKind.Integer), new("residentsInCircle", ColumnKind.Integer), new("buildingsPercent", ColumnKind.Number),
        new("residentsPercent", ColumnKind.Number), new("elderlyPercent", ColumnKind.Number), new("childrenPercent", ColumnKind.Number), new("meanMetres", ColumnKind.Number), new("p95Metres", ColumnKind.Number),
    ];

    private static readonly ResultColumn[] SupplyColumns =
        [new("people", ColumnKind.Integer), new("without", ColumnKind.Integer), new("offNetwork", ColumnKind.Integer), new("perThousand", ColumnKind.Number)];

    private static readonly ResultColumn[] ScenarioColumns =
    [
        .. new[] { "residents", "residentsOffNetwork", "residentsCoveredToday", "residentsCovered", "difference" }.Select(column => new ResultColumn(column, ColumnKind.Integer)),
        .. new[] { "residentsPercent", "elderlyPercent", "childrenPercent", "meanMetres", "perThousand" }.SelectMany(column => new[] { $"{column}Today", column }).Select(column => new ResultColumn(column, ColumnKind.Number)),
    ];

    private static readonly ResultColumn[] GapColumns =
    [
        new("rank", ColumnKind.Integer), new("residents", ColumnKind.Integer), new("households", ColumnKind.Integer), new("buildings", ColumnKind.Integer), new("elderly", ColumnKind.Integer),
        new("children", ColumnKind.Integer), new("reason", ColumnKind.Text), new("nearestMetres", ColumnKind.Number), new("nearestFacility", ColumnKind.Integer), new("nearestName", ColumnKind.Text),
    ];

    public static async Task<ResultLayer> Of(WalkCoverage answer, string by, NpgsqlConnection connection, CancellationToken cancellation)
    {
        var rows = by switch
        {
            "street" => answer.ByStreet.Select(row => (Name(row.Area), row.Cover)),
            "community" => answer.ByCommunity.Select(row => (Name(row.Area), row.Cover)),
            _ => answer.ByGrid.Select(row => ((row.Id, row.Code, row.Name), row.Cover)),
        };
        return await Shaped($"coverage-by-{by}", by, CoverColumns, rows.Select(row => (row.Item1, Values(row.Cover))),
            [.. About(answer.FacilityType, answer.Tier, answer.ServiceItem, answer.OpenAt, answer.Metres, answer.Minutes, answer.Profile, answer.MetresPerMinute, answer.Method, answer.Version), ("areaId", answer.AreaId), ("demand", answer.Demand), ("times", answer.Times), ("facilities", answer.Facilities)],
            connection, cancellation);
    }

    public static async Task<ResultLayer> Of(Catchment answer, string by, NpgsqlConnection connection, CancellationToken cancellation)
    {
        var rows = by switch
        {
            "street" => answer.ByStreet.Select(row => (Name(row.Area), row.Supply)),
            "community" => answer.ByCommunity.Select(row => (Name(row.Area), row.Supply)),
            _ => answer.ByGrid.Select(row => ((row.Id, row.Code, row.Name), row.Supply)),
        };
        return await Shaped($"capacity-by-{by}", by, SupplyColumns, rows.Select(row => (row.Item1, new object?[] { row.Supply.People, row.Supply.Without, row.Supply.OffNetwork, row.Supply.PerThousand })),
            [.. About(answer.FacilityType, answer.Tier, answer.ServiceItem, answer.OpenAt, answer.Metres, answer.Minutes, answer.Profile, answer.MetresPerMinute, answer.Method, answer.Version), ("areaId", answer.AreaId), ("demand", answer.Demand), ("weight", answer.Weight), ("capacity", answer.Capacity)],
            connection, cancellation);
    }

    public static ResultLayer Of(WalkGaps answer) => new("coverage-gaps", "polygon", GapColumns,
        [.. answer.Gaps.Features.Select(gap => new ResultRow(gap.Geometry.Json, [
            gap.Properties.Rank, gap.Properties.People.Residents, gap.Properties.People.Households, gap.Properties.People.Buildings, gap.Properties.People.Elderly, gap.Properties.People.Children,
            gap.Properties.Reason, gap.Properties.NearestMetres, gap.Properties.NearestFacility, gap.Properties.NearestName]))],
        [.. About(answer.FacilityType, answer.Tier, answer.ServiceItem, answer.OpenAt, answer.Metres, answer.Minutes, answer.Profile, answer.MetresPerMinute, answer.Method, answer.Version), ("areaId", answer.AreaId), ("demand", answer.Demand)]);

    /// <summary>A scenario beside today: every place of the level, also those where nothing differs.</summary>
    public static async Task<ResultLayer> Of(WhatIf question, string? name, WhatIfAnswer answer, (WalkSums Before, WalkSums After) cover, CapacityWhatIf capacity, (SupplySums Before, SupplySums After) supply,
        string by, NpgsqlConnection connection, CancellationToken cancellation)
    {
        List<((long? Id, string? Code, string Name) Key, WalkCover Now, WalkCover Then)> covers;
        List<((long? Id, string? Code, string Name) Key, Supply Now, Supply Then)> supplies;
        if (by == "grid")
        {
            var grids = await CoverageQueries.Grids(connection, cover.Before.Grids(), cancellation);
            covers = [.. cover.Before.ByGrid(grids).Zip(cover.After.ByGrid(grids), (now, then) => ((now.Id, now.Code, now.Name), now.Cover, then.Cover))];
            supplies = [.. supply.Before.ByGrid(grids).Zip(supply.After.ByGrid(grids), (now, then) => ((now.Id, now.Code, now.Name), now.Supply, then.Supply))];
        }
        else
        {
            var tree = await CoverageQueries.Areas(connection, cancellation);
            covers = [.. cover.Before.ByLevel(tree, by).Zip(cover.After.ByLevel(tree, by), (now, then) => (Name(now.Area), now.Cover, then.Cover))];
            supplies = [.. supply.Before.ByLevel(tree, by).Zip(supply.After.ByLevel(tree, by), (now, then) => (Name(now.Area), now.Supply, then.Supply))];
        }
        return await Shaped($"scenario-by-{by}", by, ScenarioColumns, covers.Zip(supplies, (place, shares) => (place.Key, new object?[]
        {
            place.Now.All.Residents, place.Now.OffNetwork.Residents, place.Now.Covered.Residents, place.Then.Covered.Residents, place.Then.Covered.Residents - place.Now.Covered.Residents,
            place.Now.ResidentsPercent, place.Then.ResidentsPercent, place.Now.ElderlyPercent, place.Then.ElderlyPercent, place.Now.ChildrenPercent, place.Then.ChildrenPercent,
            place.Now.MeanMetres, place.Then.MeanMetres, shares.Now.PerThousand, shares.Then.PerThousand,
        })),
            [.. About(question.FacilityType, question.Tier, question.ServiceItem, question.OpenAt, answer.Metres, answer.Minutes, answer.Profile, answer.MetresPerMinute, answer.Method, answer.Version), ("areaId", answer.AreaId),
                ("capacityMethod", capacity.Method), ("weight", capacity.Weight), ("scenario", name), ("changes", question.Changes.Count)],
            connection, cancellation);
    }

    private static (long? Id, string? Code, string Name) Name(AreaRef? area) => (area?.Id, area?.Code, area?.Name ?? "");

    private static async Task<ResultLayer> Shaped(string name, string level, ResultColumn[] columns, IEnumerable<((long? Id, string? Code, string Name) Key, object?[] Values)> rows,
        IReadOnlyList<(string, object?)> about, NpgsqlConnection connection, CancellationToken cancellation)
    {
        var all = rows.ToList();
        var shapes = await ResultLayer.Shapes(connection, level, all.Where(row => row.Key.Id is not null).Select(row => row.Key.Id!.Value), cancellation);
        return new ResultLayer(name, "polygon", [.. Names, .. columns],
            [.. all.Select(row => new ResultRow(row.Key.Id is { } id && shapes.TryGetValue(id, out var shape) ? (ReadOnlyMemory<byte>?)shape : null, [row.Key.Id, row.Key.Code, row.Key.Name, .. row.Values]))], about);
    }

    private static object?[] Values(WalkCover cover) =>
    [
        cover.All.Buildings, cover.Covered.Buildings, cover.OffNetwork.Buildings, cover.All.Households, cover.Covered.Households, cover.OffNetwork.Households,
        cover.All.Residents, cover.Covered.Residents, cover.OffNetwork.Residents, cover.All.Elderly, cover.Covered.Elderly, cover.OffNetwork.Elderly,
        cover.All.Children, cover.Covered.Children, cover.OffNetwork.Children, cover.BuildingsTwice, cover.ResidentsTwice, cover.BuildingsOften, cover.ResidentsOften, cover.ResidentsInCircle,
        cover.BuildingsPercent, cover.ResidentsPercent, cover.ElderlyPercent, cover.ChildrenPercent, cover.MeanMetres, cover.P95Metres,
    ];

    internal static IReadOnlyList<(string Name, object? Value)> About(string type, string? tier, string? item, string? openAt, double metres, double? minutes, string? profile, double pace, string method, string version) =>
    [
        ("facilityType", type), ("tier", tier), ("serviceItem", item), ("openAt", openAt), ("method", method), ("metres", metres), ("minutes", minutes), ("profile", profile), ("metresPerMinute", pace), ("dataVersion", version),
    ];
}
