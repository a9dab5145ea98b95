namespace GridMap.Server.Tests.BadInput;

/// <summary>Plans, lists that hold nothing, and names that are half a character.</summary>
internal static class PlanCases
{
    public static readonly object[][] Questions =
    [
        ["/ogc/collections/areas/items?filter-lang=cql2-json&filter=%7B%22%5Cud800%22:1%7D", 400, "filter"],
        ["/ogc/collections/areas/items?filter-lang=cql2-json&filter=%7B%22op%22:%22=%22,%22args%22:%5B%7B%22%5Cud800%22:1%7D,1%5D%7D", 400, "filter"],
    ];

    public static readonly object[][] Bodies =
    [
        ["POST", "/api/plans/preview", "{\"name\":\"x\",\"areaId\":7,\"decisions\":[null]}", 400, "decisions[0]"],
        ["POST", "/api/plans", "{\"name\":\"x\",\"areaId\":7,\"decisions\":[{\"place\":{\"lon\":119.95,\"lat\":31.78},\"grid\":\"1\"},null]}", 400, "decisions[1]"],
        ["POST", "/api/plans/1/edits", "{\"type\":\"merge\",\"grids\":[null,null]}", 400, "grids[0]"],
        ["POST", "/api/plans/1/edits", "{\"type\":\"transfer\",\"grids\":[\"1\",\"2\"],\"places\":[null]}", 400, "places[0]"],
        ["POST", "/api/plans/1/edits", "{\"type\":\"transfer\",\"grids\":[\"1\",\"2\"],\"places\":[[null,31.78]]}", 400, "places[0][0]"],
        ["POST", "/api/plans/1/edits", "{\"type\":\"transfer\",\"grids\":[\"1\",\"2\"],\"buildings\":[null]}", 400, "buildings[0]"],
        ["POST", "/api/plans/1/edits", "{\"type\":\"redraw\",\"shapes\":[null]}", 400, "shapes[0]"],
        ["POST", "/api/plans/1/edits", "{\"type\":\"move-vertex\",\"at\":[null,null]}", 400, "at[0]"],
        ["POST", "/api/siting", "{\"facilityType\":\"clinic\",\"sites\":1,\"locked\":[null]}", 400, "locked[0]"],
        ["POST", "/api/downloads", "{\"collection\":\"grids\",\"format\":\"csv\",\"bbox\":[null,1,2,3]}", 400, "bbox[0]"],
        ["POST", "/ogc/processes/locate/execution", "{\"inputs\":{\"\\ud800\":1}}", 400, "body"],
        ["POST", "/ogc/processes/locate/execution", "{\"\\ud800\":1}", 400, "body"],
        ["POST", "/ogc/processes/locate/execution", "{\"inputs\":{\"lon\":119.9,\"lat\":31.8},\"response\":\"\\ud800\"}", 400, "body"],
        ["POST", "/ogc/processes/locate/execution", "{\"inputs\":{\"lon\":119.9,\"lat\":31.8},\"outputs\":{\"\\ud800\":{}}}", 400, "body"],
        ["POST", "/api/downloads", "{\"collection\":\"areas\",\"format\":\"csv\",\"filterLang\":\"cql2-json\",\"filter\":\"{\\\"\\\\ud800\\\":1}\"}", 400, "body"],
        ["POST", "/ogc/collections/facilities/items", "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[119.95,31.78]},\"properties\":{\"\\ud800\":1}}", 400, "body"],
        ["POST", "/ogc/collections/facilities/items", "{\"\\ud800\":1,\"type\":\"Feature\"}", 400, "body"],
        ["POST", "/ogc/processes/circle/execution", "{\"inputs\":{\"category\":[null]}}", 400, "inputs.category"],
        ["POST", "/ogc/processes/circle/execution", "{\"inputs\":{\"category\":{\"value\":[null]}}}", 400, "inputs.category"],
    ];
}
