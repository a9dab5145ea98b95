import type { ExpressionSpecification, FilterSpecification } from "maplibre-gl";
import { font, nameIn, tiles, visible, type Contribution, type Drawing, type Picture } from "../picture";

type RoadClass = "expressway" | "ring" | "arterial" | "collector" | "lane";
/** From the least to the most important, with widths in pixels at zooms 11, 14, 16 and 18, and the first zoom drawn. */
const carriageways: { name: RoadClass; widths: [number, number, number, number]; minzoom: number }[] = [
  { name: "lane", widths: [0.2, 1, 4, 11], minzoom: 13.5 },
  { name: "collector", widths: [0.5, 2.2, 7, 17], minzoom: 12 },
  { name: "arterial", widths: [1.2, 4, 10, 24], minzoom: 9 },
  { name: "ring", widths: [2, 5, 12, 28], minzoom: 8 },
  { name: "expressway", widths: [2.4, 5.8, 14, 32], minzoom: 7 },
];
const ofClass = (name: string): FilterSpecification => ["==", ["get", "class"], name];
const width = ([a, b, c, d]: [number, number, number, number], factor: number, extra: number): ExpressionSpecification => [
  "interpolate",
  ["exponential", 1.5],
  ["zoom"],
  11,
  a * factor + extra * 0.5,
  14,
  b * factor + extra,
  16,
  c * factor + extra * 1.2,
  18,
  d * factor + extra * 1.6,
];

export function roads(picture: Picture): Contribution {
  const { palette, layers, scale } = picture;
  const visibility = visible(layers.roads);
  const opacity = layers.roads.opacity / 100;
  const source = { source: "roads", "source-layer": "roads" };
  const factor = 0.75 + scale * 0.25;
  const road = (name: RoadClass, widths: [number, number, number, number], minzoom: number, part: "casing" | "fill"): Drawing => ({
    id: `road-${name}-${part}`,
    shelf: "ways",
    type: "line",
    ...source,
    minzoom: part === "casing" ? Math.max(minzoom, name === "lane" || name === "collector" ? 13.2 : 11) : minzoom,
    filter: ofClass(name),
    layout: { visibility, "line-cap": part === "casing" ? "butt" : "round", "line-join": "round" },
    paint: {
      "line-color": palette.roads[name][part],
      "line-width": width(widths, factor, part === "casing" ? 1.6 : 0),
      "line-opacity": opacity,
    },
  });
  const names = (id: string, classes: string[], minzoom: number, size: number): Drawing => ({
    id,
    shelf: "names",
    type: "symbol",
    ...source,
    minzoom,
    filter: ["all", ["!=", ["coalesce", ["get", "name"], ""], ""], ["in", ["get", "class"], ["literal", classes]]],
    layout: {
      visibility,
      "symbol-placement": "line",
      "symbol-spacing": 320,
      "text-field": nameIn(picture),
      "text-font": font(),
      "text-size": ["interpolate", ["linear"], ["zoom"], 13, (size - 1) * scale, 18, (size + 2.5) * scale],
      "text-letter-spacing": 0.08,
      "text-max-angle": 30,
      "text-padding": 6,
    },
    paint: { "text-color": palette.roadText, "text-halo-color": palette.halo, "text-halo-width": 1.6 },
  });
  return {
    sources: { roads: tiles(picture, "roads") },
    drawings: [
      {
        id: "road-paths",
        shelf: "ways",
        type: "line",
        ...source,
        minzoom: 15,
        filter: ["in", ["get", "class"], ["literal", ["footpath", "crossing", "steps", "cycleway", "other"]]],
        layout: { visibility },
        paint: {
          "line-color": palette.path,
          "line-width": ["interpolate", ["linear"], ["zoom"], 15, 0.7, 18, 2],
          "line-dasharray": [3, 1.6],
          "line-opacity": opacity,
        },
      },
      ...carriageways.map((way) => road(way.name, way.widths, way.minzoom, "casing")),
      ...carriageways.map((way) => road(way.name, way.widths, way.minzoom, "fill")),
      names("road-names-main", ["expressway", "ring", "arterial"], 12.5, 11.5),
      names("road-names-collector", ["collector"], 14.2, 11),
      names("road-names-lane", ["lane"], 15.8, 10),
    ],
  };
}
