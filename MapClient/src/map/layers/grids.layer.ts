import type { ExpressionSpecification } from "maplibre-gl";
import { font, tiles, visible, type Contribution, type Picture } from "../picture";

export function grids(picture: Picture): Contribution {
  const { palette, layers, scale, gridColours } = picture;
  const visibility = visible(layers.grids);
  const opacity = layers.grids.opacity / 100;
  const source = { source: "grids", "source-layer": "grids" };
  const selected = picture.selection?.kind === "grid" ? picture.selection.id : -1;
  // Only the basic net is drawn: a selected grid of another one comes from that net's own tiles.
  const chosen = picture.selectedNet ? { source: "grids-of-net", "source-layer": "grids" } : source;
  const fills: ExpressionSpecification | string = gridColours?.length
    ? (["match", ["id"], ...gridColours.flatMap(({ id, colour }) => [id, colour]), "rgba(0,0,0,0)"] as never)
    : "rgba(0,0,0,0)";
  return {
    sources: {
      grids: tiles(picture, "grids", `?net=base${picture.gridsDay ? `&at=${picture.gridsDay}` : ""}`, 14),
      ...(picture.selectedNet
        ? { "grids-of-net": tiles(picture, "grids", `?net=${encodeURIComponent(picture.selectedNet)}`, 14) }
        : {}),
    },
    drawings: [
      {
        id: "grids",
        shelf: gridColours ? "ways" : "borders",
        type: "fill",
        ...source,
        minzoom: gridColours ? 5 : 11,
        layout: { visibility: gridColours ? "visible" : visibility },
        paint: { "fill-color": fills, "fill-opacity": gridColours ? 0.72 : 0 },
      },
      {
        id: "grid-edges",
        shelf: "borders",
        type: "line",
        ...source,
        minzoom: 11.5,
        layout: { visibility, "line-join": "round" },
        paint: {
          "line-color": palette.grid,
          "line-width": ["interpolate", ["linear"], ["zoom"], 11.5, 0.3 * scale, 14, 0.8 * scale, 17, 1.6 * scale],
          "line-opacity": [
            "interpolate",
            ["linear"],
            ["zoom"],
            11.5,
            0.16 * opacity,
            13,
            0.38 * opacity,
            14.5,
            0.62 * opacity,
            16,
            0.8 * opacity,
          ],
        },
      },
      {
        id: "grid-selected",
        shelf: "answer",
        type: "fill",
        ...chosen,
        filter: ["==", ["id"], selected],
        paint: { "fill-color": palette.grid, "fill-opacity": 0.12 },
      },
      {
        id: "grid-selected-edge",
        shelf: "answer",
        type: "line",
        ...chosen,
        filter: ["==", ["id"], selected],
        layout: { "line-join": "round" },
        paint: { "line-color": palette.grid, "line-width": 3 * scale },
      },
      {
        id: "grid-names",
        shelf: "names",
        type: "symbol",
        ...source,
        minzoom: 15.2,
        layout: {
          // The grids of an open plan have their own names.
          visibility: picture.plan ? "none" : visibility,
          "text-field": [
            "format",
            ["coalesce", ["get", "name"], ""],
            { "font-scale": 1 },
            "\n",
            {},
            ["get", "code"],
            { "font-scale": 0.82 },
          ],
          "text-font": font("Medium"),
          "text-size": ["interpolate", ["linear"], ["zoom"], 15.2, 10.5 * scale, 18, 14 * scale],
          "text-line-height": 1.3,
          "symbol-avoid-edges": true,
          "text-padding": 4,
        },
        paint: { "text-color": palette.gridText, "text-halo-color": palette.halo, "text-halo-width": 1.6, "text-opacity": opacity },
      },
    ],
  };
}
