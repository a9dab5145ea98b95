using GridMap.Server.Layers;
using GridMap.Server.Results;

namespace GridMap.Server.Routes;

/// <summary>Answers about ways as layers: a row and a line for each.</summary>
internal static class RouteLayers
{
    private static readonly ResultColumn[] Walk = [new("metres", ColumnKind.Number), new("minutes", ColumnKind.Number), new("straightMetres", ColumnKind.Number)];

    private static readonly ResultColumn[] FacilityColumns =
        [new("id", ColumnKind.Integer), new("name", ColumnKind.Text), new("nameEn", ColumnKind.Text), new("type", ColumnKind.Text), new("tier", ColumnKind.Text), new("lon", ColumnKind.Number), new("lat", ColumnKind.Number), .. Walk];

    // No telephone numbers: a file is handed on.
    private static readonly ResultColumn[] PersonColumns =
    [
        new("role", ColumnKind.Text), new("person", ColumnKind.Text), new("net", ColumnKind.Text), new("gridCode", ColumnKind.Text), new("gridName", ColumnKind.Text), new("inCharge", ColumnKind.Integer),
        new("lon", ColumnKind.Number), new("lat", ColumnKind.Number), .. Walk,
    ];

    private static readonly ResultColumn[] DistanceColumns =
        [new("from", ColumnKind.Integer), new("to", ColumnKind.Integer), new("metres", ColumnKind.Number), new("fromOffNetwork", ColumnKind.Integer), new("toOffNetwork", ColumnKind.Integer)];

    public static ResultLayer Of(Nearest answer) => new("nearest", "line", FacilityColumns,
        [.. answer.Items.Select(item => new ResultRow(ResultLayer.Shape(item.Route), [item.Id, item.Name, item.NameEn, item.Type, item.Tier, item.Place.Lon, item.Place.Lat, item.Metres, item.Minutes, item.StraightMetres]))],
        [
            ("lonAsked", answer.Place.Lon), ("latAsked", answer.Place.Lat), ("facilityType", answer.FacilityType), ("tierAsked", answer.Tier), ("serviceItem", answer.ServiceItem), ("openAt", answer.OpenAt), ("mostMetres", answer.MostMetres),
            .. About(answer.Method, answer.Profile, answer.MetresPerMinute, answer.Version, answer.Coord),
        ]);

    public static ResultLayer Of(NearestPeople answer, string? role, string? net) => new("nearest-people", "line", PersonColumns,
        [.. answer.Items.Select(item => new ResultRow(ResultLayer.Shape(item.Route),
            [item.Role, item.Person, item.Grid.Net, item.Grid.Code, item.Grid.Name, item.InCharge ? 1 : 0, item.Place.Lon, item.Place.Lat, item.Metres, item.Minutes, item.StraightMetres]))],
        [("lonAsked", answer.Place.Lon), ("latAsked", answer.Place.Lat), ("roleAsked", role), ("netAsked", net), .. About("walking", answer.Profile, answer.MetresPerMinute, answer.Version, answer.Coord)]);

    /// <summary>A row for each pair of places, with the straight line between them.</summary>
    public static ResultLayer Of(Distances answer, DistanceQuestion question) => new("distances", "line", DistanceColumns,
        [.. answer.Metres.SelectMany((row, i) => row.Select((metres, j) => new ResultRow(ResultLayer.Shape(new LineShape("LineString", [[.. question.From[i]], [.. question.To[j]]])),
            [i, j, metres, answer.FromOffNetwork.Contains(i) ? 1 : 0, answer.ToOffNetwork.Contains(j) ? 1 : 0])))],
        [("mostMetres", answer.MostMetres), .. About("walking", answer.Profile, answer.MetresPerMinute, answer.Version, question.Coord ?? Http.Datum.Names[0])]);

    private static (string Name, object? Value)[] About(string method, string? profile, double pace, string version, string coord) =>
        [("method", method), ("profile", profile), ("metresPerMinute", pace), ("dataVersion", version), ("coord", coord)];
}
