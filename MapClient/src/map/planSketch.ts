// How a line, an area or a corner looks while it is being drawn.
import type { LayerSpecification } from "maplibre-gl";
import type { Theme } from "../state/symbology";
import { palettes } from "./palette";

/** Sources and layers of this name are the gestures' own: they survive a change of the map's style. */
export const sketchSource = "sketch-plan";

/** Unlike any other line of the planner: not the accent, not a border, not a road. */
const streetColours: Record<Theme, string> = { light: "#b45309", dark: "#fbbf24" };

export function sketchLayers(theme: Theme): LayerSpecification[] {
  const { accent, halo } = palettes[theme];
  const street = streetColours[theme];
  const part = (name: string, ...others: string[]) => ["in", ["get", "part"], ["literal", [name, ...others]]] as never;
  const source = sketchSource;
  return [
    { id: "sketch-area", type: "fill", source, filter: part("area"), paint: { "fill-color": accent, "fill-opacity": 0.16 } },
    // The street that a point is taken to is shown along all its length, under the line that is drawn.
    {
      id: "sketch-street-casing",
      type: "line",
      source,
      filter: part("street"),
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": halo, "line-width": 7, "line-opacity": 0.7 },
    },
    {
      id: "sketch-street",
      type: "line",
      source,
      filter: part("street"),
      layout: { "line-join": "round" },
      paint: { "line-color": street, "line-width": 3, "line-dasharray": [1, 1] },
    },
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
    // A ring on a border, a full dot in the ring on a vertex, a ring of the street's colour on a street.
    {
      id: "sketch-snap-street",
      type: "circle",
      source,
      filter: part("on-street"),
      paint: { "circle-radius": 9, "circle-opacity": 0, "circle-stroke-color": street, "circle-stroke-width": 3 },
    },
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
