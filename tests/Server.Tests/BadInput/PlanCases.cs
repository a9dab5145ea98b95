namespace GridMap.Server.Tests.BadInput;

/// <summary>Plans, and lists that hold nothing.</summary>
internal static class PlanCases
{
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
        ["POST", "/ogc/processes/circle/execution", "{\"inputs\":{\"category\":[null]}}", 400, "inputs.category"],
        ["POST", "/ogc/processes/circle/execution", "{\"inputs\":{\"category\":{\"value\":[null]}}}", 400, "inputs.category"],
    ];
}
