using System.Text.Json.Nodes;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.OgcApi;

/// <summary>OGC API – Styles (OGC 20-009): the map as it is designed, as a MapLibre style that QGIS and map libraries open.</summary>
internal static class Styles
{
    private const string City = "city", MapLibre = "application/vnd.mapbox.style+json";

    public static void MapStyles(this RouteGroupBuilder ogc)
    {
        ogc.MapMethods("/styles", OgcEndpoints.Read, (Delegate)List).Takes(Formats.OfPages);
        ogc.MapMethods("/styles/{style}", OgcEndpoints.Read, Style).Takes(Parameters.Choice("f", ["mapbox", "json"], "Both are the MapLibre style."));
    }

    private static Task List(HttpContext http)
    {
        var format = Formats.Wanted(http, Question.Of(http));
        var document = new JsonObject
        {
            ["default"] = City,
            ["styles"] = new JsonArray(new JsonObject
            {
                ["id"] = City, ["title"] = http.SayOrBoth(("The city, its grids and incidents", "城市网格")),
                ["links"] = Collections.Array([new Link($"{Links.Base(http)}/ogc/styles/{City}?f=mapbox", "stylesheet", MapLibre, "MapLibre style")]),
            }),
            ["links"] = Collections.Array(Links.SelfAndAlternate(http, format, Links.Json, "This document")),
        };
        return OgcEndpoints.Answer(http, format, document, ("Styles", "样式"), Links.Json);
    }

    private static async Task Style(string style, HttpContext http, LayerCatalog layers, Extents extents, CancellationToken cancellation)
    {
        if (style != City) throw Refused.NotFound("style", style);
        var document = JsonNode.Parse(Drawing)!.AsObject();
        var sources = new JsonObject();
        foreach (var name in document["layers"]!.AsArray().Select(layer => layer!["source"]?.ToString()).OfType<string>().Distinct())
        {
            var layer = layers.Find(name)!;
            sources[name] = new JsonObject
            {
                ["type"] = "vector", ["tiles"] = new JsonArray($"{Links.Base(http)}/tiles/{name}/{{z}}/{{x}}/{{y}}.mvt"), ["minzoom"] = layer.MinZoom, ["maxzoom"] = 16,
            };
        }
        document["sources"] = sources;
        if (await extents.BoxOf(layers.Find("areas")!, cancellation) is [var west, var south, var east, var north])
            (document["center"], document["zoom"]) = (new JsonArray((west + east) / 2, (south + north) / 2), 12);
        await Formats.Write(http, document, MapLibre);
    }

    // The light map of the desk, without what only the desk knows (selection, scale of text). QGIS 3.22 interpolates over nothing but the zoom, so
    // colours that follow a number go by cases. Incidents are those that are still open: a year of closed ones would hide the city.
    private const string Drawing = """
        {
          "version": 8, "name": "GridMap", "sources": {},
          "layers": [
            { "id": "land", "type": "background", "paint": { "background-color": "#f3f1ec" } },
            { "id": "landscapes", "type": "fill", "source": "landscapes", "source-layer": "landscapes",
              "paint": { "fill-color": ["match", ["get", "kind"], "water", "#b3d4ea", "green", "#d3e6c6", "square", "#ebe5d9", "#dcd8d2"] } },
            { "id": "compounds", "type": "fill", "source": "compounds", "source-layer": "compounds", "minzoom": 13, "paint": { "fill-color": "#ece8df", "fill-outline-color": "#d6cfc1" } },
            { "id": "paths", "type": "line", "source": "roads", "source-layer": "roads", "minzoom": 15, "filter": ["in", ["get", "class"], ["literal", ["footpath", "crossing", "steps", "cycleway"]]],
              "paint": { "line-color": "#c4b9a4", "line-width": 1, "line-dasharray": [2, 2] } },
            { "id": "road-casings", "type": "line", "source": "roads", "source-layer": "roads", "minzoom": 12,
              "filter": ["in", ["get", "class"], ["literal", ["lane", "collector", "arterial", "ring", "expressway"]]], "layout": { "line-cap": "round", "line-join": "round" },
              "paint": { "line-color": ["match", ["get", "class"], "expressway", "#d39a4c", "ring", "#d7b06b", "arterial", "#d9c48f", "collector", "#d3cdc1", "#dcd7cc"],
                "line-width": ["interpolate", ["exponential", 1.5], ["zoom"], 12, ["match", ["get", "class"], "expressway", 5, "ring", 4, "arterial", 3, "collector", 2, 1],
                  16, ["match", ["get", "class"], "expressway", 16, "ring", 14, "arterial", 12, "collector", 9, 6]] } },
            { "id": "roads", "type": "line", "source": "roads", "source-layer": "roads",
              "filter": ["in", ["get", "class"], ["literal", ["lane", "collector", "arterial", "ring", "expressway"]]], "layout": { "line-cap": "round", "line-join": "round" },
              "paint": { "line-color": ["match", ["get", "class"], "expressway", "#f6c27d", "ring", "#f9d9a0", "arterial", "#fdf0c4", "collector", "#ffffff", "#fdfcfa"],
                "line-width": ["interpolate", ["exponential", 1.5], ["zoom"], 12, ["match", ["get", "class"], "expressway", 3.4, "ring", 3, "arterial", 2, "collector", 1.2, 0.5],
                  16, ["match", ["get", "class"], "expressway", 14, "ring", 12, "arterial", 10, "collector", 7, 4]] } },
            { "id": "buildings", "type": "fill", "source": "buildings", "source-layer": "buildings", "minzoom": 14,
              "paint": { "fill-color": ["case", ["all", ["has", "floors"], [">=", ["get", "floors"], 19]], "#c8bfae", ["all", ["has", "floors"], [">=", ["get", "floors"], 7]], "#d7cfc0", "#e2dcd0"],
                "fill-outline-color": "#c2b8a6" } },
            { "id": "areas", "type": "line", "source": "areas", "source-layer": "areas",
              "paint": { "line-color": "#5d5a75", "line-width": ["match", ["get", "level"], "city", 2.5, "district", 2, "street", 1.4, 0.8], "line-dasharray": [4, 2] } },
            { "id": "grids", "type": "line", "source": "grids", "source-layer": "grids", "minzoom": 11,
              "paint": { "line-color": "#b0247e", "line-width": ["interpolate", ["linear"], ["zoom"], 11, 0.4, 16, 2] } },
            { "id": "facilities", "type": "circle", "source": "facilities", "source-layer": "facilities", "minzoom": 13,
              "paint": { "circle-color": "#1659c7", "circle-radius": ["interpolate", ["linear"], ["zoom"], 13, 2.5, 17, 6], "circle-stroke-color": "#ffffff", "circle-stroke-width": 1 } },
            { "id": "incidents", "type": "circle", "source": "incidents", "source-layer": "incidents", "minzoom": 12,
              "filter": ["all", ["has", "status"], ["!=", ["get", "status"], "closed"], ["!=", ["get", "status"], "rejected"]],
              "paint": { "circle-color": ["match", ["get", "severity"], ["high", "urgent"], "#d1343f", "#c2660a"],
                "circle-radius": ["interpolate", ["linear"], ["zoom"], 12, 2, 16, 5], "circle-stroke-color": "#ffffff", "circle-stroke-width": 1 } },
            { "id": "grid-names", "type": "symbol", "source": "grids", "source-layer": "grids", "minzoom": 15,
              "layout": { "text-field": ["get", "name"], "text-size": 12, "text-font": ["Noto Sans CJK SC Regular"] }, "paint": { "text-color": "#8f1a66", "text-halo-color": "#ffffff", "text-halo-width": 1.4 } },
            { "id": "road-names", "type": "symbol", "source": "roads", "source-layer": "roads", "minzoom": 15, "filter": ["!=", ["get", "name"], ""],
              "layout": { "symbol-placement": "line", "text-field": ["get", "name"], "text-size": 11, "text-font": ["Noto Sans CJK SC Regular"] },
              "paint": { "text-color": "#5b5346", "text-halo-color": "#ffffff", "text-halo-width": 1.4 } }
          ]
        }
        """;
}
