import type { FeatureCollection, Point } from "geojson";
import type { AreaLevel } from "../../api/contract";
import { drawn, font, tiles, visible, type Contribution, type Drawing, type Picture } from "../picture";

const levels: {
  level: AreaLevel;
  width: number;
  glow: number;
  minzoom: number;
  names: [from: number, to: number];
  size: number;
}[] = [
  { level: "community", width: 0.9, glow: 0, minzoom: 12.5, names: [13.3, 16.2], size: 11.5 },
  { level: "street", width: 1.2, glow: 4, minzoom: 10, names: [10.5, 14], size: 13 },
  { level: "district", width: 2, glow: 6, minzoom: 8, names: [8, 11.5], size: 15 },
  { level: "city", width: 2.4, glow: 8, minzoom: 4, names: [4, 9], size: 17 },
];

/** One point a name: a polygon cut by tile edges would be named once in every tile. */
function names(picture: Picture): FeatureCollection<Point> {
  return {
    type: "FeatureCollection",
    features: picture.areas.map((area) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [area.place.lon, area.place.lat] },
      properties: { id: area.id, level: area.level, name: picture.language === "en" && area.nameEn ? area.nameEn : area.name },
    })),
  };
}

export function areas(picture: Picture): Contribution {
  const { palette, layers, scale, area } = picture;
  const visibility = visible(layers.areas);
  const opacity = layers.areas.opacity / 100;
  const source = { source: "areas", "source-layer": "areas" };
  const chosen = area?.id ?? (picture.selection?.kind === "area" ? picture.selection.id : -1);
  return {
    sources: { areas: tiles(picture, "areas", "", 14), "area-names": drawn(names(picture)) },
    drawings: [
      ...levels.flatMap(({ level, width, glow, minzoom }): Drawing[] => [
        {
          id: `area-${level}-glow`,
          shelf: "borders",
          type: "line",
          ...source,
          minzoom,
          filter: ["==", ["get", "level"], level],
          layout: { visibility: glow ? visibility : "none", "line-join": "round" },
          paint: { "line-color": palette.areaGlow, "line-width": glow * scale, "line-opacity": 0.16 * opacity },
        },
        {
          id: `area-${level}`,
          shelf: "borders",
          type: "line",
          ...source,
          minzoom,
          filter: ["==", ["get", "level"], level],
          layout: { visibility, "line-join": "round" },
          paint: {
            "line-color": palette.areaEdge,
            "line-width": width * scale,
            "line-opacity": (level === "community" ? 0.55 : 0.8) * opacity,
          },
        },
      ]),
      {
        id: "area-chosen-glow",
        shelf: "answer",
        type: "line",
        ...source,
        filter: ["==", ["id"], chosen],
        layout: { "line-join": "round" },
        paint: { "line-color": palette.accent, "line-width": 9 * scale, "line-opacity": 0.2, "line-blur": 2 },
      },
      {
        id: "area-chosen",
        shelf: "answer",
        type: "line",
        ...source,
        filter: ["==", ["id"], chosen],
        layout: { "line-join": "round" },
        paint: { "line-color": palette.accent, "line-width": 2.6 * scale },
      },
      ...levels.map(({ level, names: [from, to], size }): Drawing => ({
        id: `area-names-${level}`,
        shelf: "top",
        type: "symbol",
        source: "area-names",
        minzoom: from,
        maxzoom: to,
        filter: ["==", ["get", "level"], level],
        layout: {
          visibility,
          "text-field": ["get", "name"],
          "text-font": font("Medium"),
          "text-size": size * scale,
          "text-letter-spacing": picture.language === "zh" ? 0.12 : 0.03,
          "text-max-width": 8,
          "text-padding": 6,
        },
        paint: { "text-color": palette.areaText, "text-halo-color": palette.halo, "text-halo-width": 1.8, "text-opacity": opacity },
      })),
    ],
  };
}
