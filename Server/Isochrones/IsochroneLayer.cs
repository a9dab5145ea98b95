using GridMap.Server.Layers;
using GridMap.Server.Results;

namespace GridMap.Server.Isochrones;

/// <summary>The answer about walks as a layer.</summary>
internal static class IsochroneLayer
{
    private static readonly string[] People = ["buildings", "households", "residents", "elderly", "children"];

    private static readonly ResultColumn[] Columns =
    [
        new("origin", ColumnKind.Integer), new("minutes", ColumnKind.Number), new("metres", ColumnKind.Number), .. People.Select(name => new ResultColumn(name, ColumnKind.Integer)),
        new("residentsInCircle", ColumnKind.Integer), new("overClaimPercent", ColumnKind.Number), new("grids", ColumnKind.Integer),
    ];

    public static ResultLayer Of(Isochrone answer) => new("isochrones", "polygon", Columns,
        [.. answer.Features.Select(feature => new ResultRow(feature.Geometry.Json, [
            feature.Properties.Origin, feature.Properties.Minutes, feature.Properties.Metres, feature.Properties.Inside.Buildings, feature.Properties.Inside.Households, feature.Properties.Inside.Residents,
            feature.Properties.Inside.Elderly, feature.Properties.Inside.Children, feature.Properties.Circle?.Residents, feature.Properties.OverClaimPercent, feature.Properties.GridCount]))],
        [
            ("method", answer.Method), ("combine", answer.Combine), ("heading", answer.Heading), ("profile", answer.Profile), ("metresPerMinute", answer.MetresPerMinute), ("dataVersion", answer.Version), ("coord", answer.Coord),
            ("places", string.Join(' ', answer.Origins.Select(origin => FormattableString.Invariant($"{origin.Place.Lon},{origin.Place.Lat}")))),
        ]);
}
