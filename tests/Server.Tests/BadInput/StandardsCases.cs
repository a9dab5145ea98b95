namespace GridMap.Server.Tests.BadInput;

/// <summary>OGC API, tiles, live feed, areas, grids, keys.</summary>
internal static class StandardsCases
{
    public static readonly object[][] Questions =
    [
        ["/ogc?foo=1", 400, "foo"],
        ["/ogc?f=xml", 400, "f"],
        ["/ogc/conformance?limit=1", 400, "limit"],
        ["/ogc/collections?bbox=1,2,3,4", 400, "bbox"],
        ["/ogc/collections/castles", 404, ""],
        ["/ogc/collections/castles/items", 404, ""],
        ["/ogc/collections/grids/items?limit=0", 400, "limit"],
        ["/ogc/collections/grids/items?limit=-1", 400, "limit"],
        ["/ogc/collections/grids/items?limit=ten", 400, "limit"],
        ["/ogc/collections/grids/items?limit=1&limit=2", 400, "limit"],
        ["/ogc/collections/grids/items?offset=-1", 400, "offset"],
        ["/ogc/collections/grids/items?after=x", 400, "after"],
        ["/ogc/collections/grids/items?bbox=1,2,3", 400, "bbox"],
        ["/ogc/collections/grids/items?bbox=a,b,c,d", 400, "bbox"],
        ["/ogc/collections/grids/items?bbox=NaN,0,1,1", 400, "bbox"],
        ["/ogc/collections/grids/items?bbox=0,10,1,5", 400, "bbox"],
        ["/ogc/collections/grids/items?bbox=0,-95,1,5", 400, "bbox"],
        ["/ogc/collections/grids/items?datetime=yesterday", 400, "datetime"],
        ["/ogc/collections/grids/items?datetime=2026-13-01T00:00:00Z", 400, "datetime"],
        ["/ogc/collections/grids/items?datetime=2026-02-01T00:00:00Z/2026-01-01T00:00:00Z", 400, "datetime"],
        ["/ogc/collections/grids/items?datetime=../..", 400, "datetime"],
        ["/ogc/collections/grids/items?datetime=1/2/3", 400, "datetime"],
        ["/ogc/collections/grids/items?kind=castle", 400, "kind"],
        ["/ogc/collections/grids/items?households=many", 400, "households"],
        ["/ogc/collections/grids/items?colour=red", 400, "colour"],
        ["/ogc/collections/grids/items/abc", 404, ""],
        ["/ogc/collections/grids/items/1?limit=3", 400, "limit"],
        ["/tiles/castles/1/0/0.mvt", 404, ""],
        ["/tiles/grids/30/0/0.mvt", 404, ""],
        ["/tiles/grids/12/3412/1666.mvt?colour=red", 400, "colour"],
        ["/tiles/grids/12/3412/1666.mvt?at=noon", 400, "at"],
        ["/tiles/incidents/12/3412/1666.mvt?status=lost", 400, "status"],
        ["/tiles/incidents/12/3412/1666.mvt?from=2026-02-01&to=2026-01-01", 400, "to"],
        ["/api/live?tables=passwords", 400, "tables"],
        ["/api/live?lastEventId=1%3A2", 400, "Last-Event-ID"],
        ["/api/areas?level=planet", 400, "level"],
        ["/api/areas?parentId=0", 400, "parentId"],
        ["/api/areas/999999", 404, ""],
        ["/api/areas/abc", 404, ""],
        ["/api/grids/999999", 404, ""],
        ["/api/grids/99999999999999999999", 404, ""],
        ["/api/catalogues/castles", 404, ""],
        ["/api/city?verbose=1", 400, "verbose"],
        ["/health/ready?x=1", 400, "x"],
    ];

    private const string Square = """{"type":"Polygon","coordinates":[[[119.951,31.781],[119.953,31.781],[119.953,31.783],[119.951,31.783],[119.951,31.781]]]}""";

    public static readonly object[][] Bodies =
    [
        ["POST", "/api/grids", "", 400, "body"],
        ["POST", "/api/grids", "{", 400, "body"],
        ["POST", "/api/grids", "[]", 400, "body"],
        ["POST", "/api/grids", "null", 400, "body"],
        ["POST", "/api/grids", $$$"""{"type":"Feature","geometry":{{{Square}}},"properties":{"name":"x","colour":"red"}}""", 400, "properties.colour"],
        ["POST", "/api/grids", $$$"""{"type":"Feature","geometry":{{{Square}}},"properties":{"name":""}}""", 400, "properties.name"],
        ["POST", "/api/grids", $$$"""{"type":"Polygon","geometry":{{{Square}}},"properties":{"name":"x"}}""", 400, "type"],
        ["POST", "/api/grids", $$$"""{"type":"Feature","geometry":{{{Square}}},"properties":{"name":"x","kind":"castle"}}""", 400, "properties.kind"],
        ["POST", "/api/grids", $$$"""{"type":"Feature","geometry":{{{Square}}},"properties":{"name":"x","kind":"special","net":"castles"}}""", 400, "properties.net"],
        ["POST", "/api/grids", $$$"""{"type":"Feature","geometry":{{{Square}}},"properties":{"name":"x","kind":"special","areaId":424242}}""", 400, "properties.areaId"],
        ["POST", "/api/grids", $$$"""{"type":"Feature","geometry":{{{Square}}},"properties":{"name":"x","kind":"special","households":-1}}""", 400, "properties.households"],
        ["POST", "/api/grids?dryRun=perhaps", $$$"""{"type":"Feature","geometry":{{{Square}}},"properties":{"name":"x"}}""", 400, "dryRun"],
        ["POST", "/api/keys", """{"name":"","role":"reader"}""", 400, "name"],
        ["POST", "/api/keys", """{"name":"x","role":"king"}""", 400, "role"],
        ["POST", "/api/keys", """{"name":"x","role":"5"}""", 400, "role"],
        ["POST", "/api/keys", """{"name":"x","role":"reader","expiresAt":"2001-01-01T00:00:00Z"}""", 400, "expiresAt"],
        ["POST", "/api/keys", """{"name":"x","role":"reader","areaId":424242}""", 400, "areaId"],
        ["DELETE", "/api/keys/424242", "", 404, ""],
        ["POST", "/ogc/collections/grids/items", "{}", 405, ""],
    ];
}
