namespace GridMap.Server.Tests.BadInput;

/// <summary>Locate, circle, coverage, hotspots, search and summary.</summary>
internal static class AnalysisCases
{
    public static readonly object[][] Questions =
    [
        ["/api/locate", 400, "lon"],
        ["/api/locate?lon=119.95", 400, "lat"],
        ["/api/locate?lon=31.78&lat=119.95", 400, "lat"],
        ["/api/locate?lon=abc&lat=31.78", 400, "lon"],
        ["/api/locate?lon=NaN&lat=31.78", 400, "lon"],
        ["/api/locate?lon=119.95&lat=31.78&coord=utm", 400, "coord"],
        ["/api/locate?lon=119.95&lat=31.78&at=noon", 400, "at"],
        ["/api/locate?lon=119.95&lat=31.78&zoom=3", 400, "zoom"],
        ["/api/circle?lon=119.95&lat=31.78&minutes=0", 400, "minutes"],
        ["/api/circle?lon=119.95&lat=31.78&minutes=500", 400, "minutes"],
        ["/api/circle?lon=119.95&lat=31.78&minutes=5&radiusMetres=300", 400, "minutes"],
        ["/api/circle?lon=119.95&lat=31.78&radiusMetres=0", 400, "radiusMetres"],
        ["/api/circle?lon=119.95&lat=31.78&radiusMetres=10001", 400, "radiusMetres"],
        ["/api/circle?lon=119.95&lat=31.78&radiusMetres=Infinity", 400, "radiusMetres"],
        ["/api/circle?lon=119.95&lat=89.99&radiusMetres=5000", 400, "lat"],
        ["/api/circle?lon=180&lat=10&radiusMetres=300", 400, "lon"],
        ["/api/circle?lon=119.95&lat=31.78&category=nothing", 400, "category"],
        ["/api/circle?lon=119.95&lat=31.78&from=2026-02-02&to=2026-02-01", 400, "to"],
        ["/api/coverage", 400, "facilityType"],
        ["/api/coverage?facilityType=castle", 400, "facilityType"],
        ["/api/coverage?facilityType=", 400, "facilityType"],
        ["/api/coverage?facilityType=clinic&areaId=99999", 400, "areaId"],
        ["/api/coverage?facilityType=clinic&radiusMetres=-1", 400, "radiusMetres"],
        ["/api/coverage?facilityType=clinic&method=network", 400, "method"],
        ["/api/hotspots/density?bandwidthMetres=9", 400, "bandwidthMetres"],
        ["/api/hotspots/density?bandwidthMetres=5001", 400, "bandwidthMetres"],
        ["/api/hotspots/density?cellMetres=1", 400, "cellMetres"],
        ["/api/hotspots/density?cellMetres=1&kernel=quartic", 400, "cellMetres"],
        ["/api/hotspots/density?kernel=cone", 400, "kernel"],
        ["/api/hotspots/density?format=gif", 400, "format"],
        ["/api/hotspots/density?bbox=-120,31,-119,32", 400, "bbox"],
        ["/api/hotspots/density?bbox=170,31,-170,32", 400, "bbox"],
        ["/api/hotspots/density?bbox=119,31,121,33&cellMetres=10", 400, "cellMetres"],
        ["/api/hotspots/density?levels=21", 400, "levels"],
        ["/api/hotspots/density?scaleMax=0", 400, "scaleMax"],
        ["/api/hotspots/density?values=maybe", 400, "values"],
        ["/api/hotspots/grids?net=moon", 400, "net"],
        ["/api/hotspots/grids?areaId=-1", 400, "areaId"],
        ["/api/search", 400, "q"],
        ["/api/search?q=", 400, "q"],
        ["/api/search?q=%20%20", 400, "q"],
        ["/api/search?q=%00", 400, "q"],
        ["/api/search?q=a&limit=51", 400, "limit"],
        ["/api/search?q=a&kind=area", 400, "kind"],
        ["/api/summary?areaId=99999", 400, "areaId"],
        ["/api/summary?from=2026-03-02&to=2026-03-01", 400, "to"],
        ["/api/summary?from=1899-12-31", 400, "from"],
    ];

    public static readonly object[][] Bodies =
    [
        ["POST", "/api/locate", "{}", 400, "points"],
        ["POST", "/api/locate", "{\"points\":[]}", 400, "points"],
        ["POST", "/api/locate", "{\"points\":[[119.95]]}", 400, "points[0]"],
        ["POST", "/api/locate", "{\"points\":[[119.95,31.78],[119.95,31.78,5]]}", 400, "points[1]"],
        ["POST", "/api/locate", "{\"points\":[[119.95,31.78],null]}", 400, "points[1]"],
        ["POST", "/api/locate", "{\"points\":[[119.95,\"31\"]]}", 400, "points[0][1]"],
        ["POST", "/api/locate", "{\"points\":[[31.78,119.95]],\"coord\":\"x\",\"at\":\"y\"}", 400, "coord"],
        ["POST", "/api/locate", "{\"points\":[[119.95,31.78]],\"when\":\"now\"}", 400, "when"],
    ];
}
