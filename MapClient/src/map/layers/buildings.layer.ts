import type { ExpressionSpecification } from "maplibre-gl";
import { font, nameIn, tiles, visible, type Contribution, type Drawing, type Picture } from "../picture";

/** Metres: measured, or three metres a floor, or a low house. */
const height: ExpressionSpecification = ["coalesce", ["get", "heightMetres"], ["*", 3, ["coalesce", ["get", "floors"], 2]]];

export function buildings(picture: Picture): Contribution {
  const { palette, layers, scale, selection } = picture;
  const visibility = visible(layers.buildings);
  const opacity = layers.buildings.opacity / 100;
  const source = { source: "buildings", "source-layer": "buildings" };
  const shade: ExpressionSpecification = ["interpolate", ["linear"], height, 3, palette.building[0], 90, palette.building[1]];
  const selected = selection?.kind === "building" ? selection.id : -1;
  const body: Drawing = picture.heights
    ? {
        id: "buildings",
        shelf: "top",
        type: "fill-extrusion",
        ...source,
        minzoom: 14,
        layout: { visibility },
        paint: {
          "fill-extrusion-color": ["case", ["==", ["id"], selected], palette.accent, shade],
          "fill-extrusion-height": height,
          "fill-extrusion-opacity": 0.85 * opacity,
          "fill-extrusion-vertical-gradient": true,
        },
      }
    : {
        id: "buildings",
        shelf: "built",
        type: "fill",
        ...source,
        minzoom: 13.5,
        layout: { visibility },
        paint: {
          "fill-color": shade,
          "fill-opacity": ["interpolate", ["linear"], ["zoom"], 13.5, 0, 14.2, opacity],
        },
      };
  return {
    sources: { buildings: tiles(picture, "buildings") },
    drawings: [
      body,
      {
        id: "building-edges",
        shelf: "built",
        type: "line",
        ...source,
        minzoom: 15,
        layout: { visibility },
        paint: { "line-color": palette.buildingEdge, "line-width": 0.7, "line-opacity": opacity },
      },
      {
        id: "building-selected",
        shelf: "answer",
        type: "line",
        ...source,
        minzoom: 13.5,
        filter: ["==", ["id"], selected],
        paint: { "line-color": palette.accent, "line-width": 2.5 },
      },
      {
        id: "building-names",
        shelf: "names",
        type: "symbol",
        ...source,
        minzoom: 16.6,
        filter: ["!=", ["coalesce", ["get", "name"], ""], ""],
        layout: {
          visibility,
          "text-field": nameIn(picture),
          "text-font": font(),
          "text-size": 10.5 * scale,
          "text-max-width": 6,
          "text-padding": 4,
        },
        paint: { "text-color": palette.buildingText, "text-halo-color": palette.halo, "text-halo-width": 1 },
      },
    ],
  };
}
