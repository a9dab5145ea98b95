// How a line, an area or a corner looks while it is being drawn.
import type { LayerSpecification } from "maplibre-gl";
import type { Theme } from "../state/symbology";
import { palettes } from "./palette";

/** Sources and layers of this name are the gestures' own: they survive a change of the map's style. */
export const sketchSource = "sketch-plan";

export function sketchLayers(theme: Theme): LayerSpecification[] {
  const { accent, halo } = palettes[theme];
  const part = (name: string, ...others: string[]) => ["in", ["get", "part"], ["literal", [name, ...others]]] as never;
  const source = sketchSource;
  return [
    { id: "sketch-area", type: "fill", source, filter: part("area"), paint: { "fill-color": accent, "fill-opacity": 0.16 } },
    {
      id: "sketch-casing",
      type: "line",
      source,
      filter: part("line", "rubber"),
      paint: { "line-color": halo, "line-width": 6, "line-opacity": 0.85 },
    },
    { id: "sketch-line", type: "line", source, filter: part("line"), paint: { "line-color": accent, "line-width": 3 } },
    {
      id: "sketch-rubber",
      type: "line",
      source,
      filter: part("rubber"),
      paint: { "line-color": accent, "line-width": 2.5, "line-dasharray": [2, 1.5] },
    },
    {
      id: "sketch-corners",
      type: "circle",
      source,
      minzoom: 14,
      filter: part("corner"),
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 14, 2, 16, 3.6, 18, 5],
        "circle-color": halo,
        "circle-stroke-color": accent,
        "circle-stroke-width": 1.8,
      },
    },
    {
      id: "sketch-points",
      type: "circle",
      source,
      filter: part("point"),
      paint: { "circle-radius": 5, "circle-color": accent, "circle-stroke-color": halo, "circle-stroke-width": 2 },
    },
    // A ring on a border, a full dot in the ring on a vertex.
    {
      id: "sketch-snap-border",
      type: "circle",
      source,
      filter: part("border", "vertex"),
      paint: { "circle-radius": 9, "circle-opacity": 0, "circle-stroke-color": accent, "circle-stroke-width": 2.5 },
    },
    {
      id: "sketch-snap-vertex",
      type: "circle",
      source,
      filter: part("vertex"),
      paint: { "circle-radius": 4.5, "circle-color": accent },
    },
  ];
}
