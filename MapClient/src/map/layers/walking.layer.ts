import type { Feature, MultiPolygon, Position } from "geojson";
import { ringColours } from "../../state/symbology";
import { say } from "../../text/language.svelte";
import { drawn, font, nothing, type Contribution, type Picture } from "../picture";

const northmost = (shape: MultiPolygon): Position =>
  shape.coordinates.flat(2).reduce((top, at) => ((at[1] ?? -90) > (top[1] ?? -90) ? at : top), [0, -90]);

/** How far people get on foot from a place, in nested rings, and the way to one facility. */
export function walking({ walking: shown, palette, theme, scale }: Picture): Contribution {
  const { isochrone, route } = shown ?? { isochrone: null, route: null };
  const rings = isochrone?.features.toSorted((a, b) => b.properties.metres - a.properties.metres) ?? [];
  const colours = ringColours[theme];
  const from = 3 - Math.min(3, rings.length);
  const features: Feature[] = rings.map(({ geometry }, index) => ({
    type: "Feature",
    geometry,
    properties: {
      id: index + 1,
      colour: colours[Math.max(0, 2 - from - index)] ?? colours[0],
    },
  }));
  const tops: Feature[] = rings.map(({ geometry, properties }) => ({
    type: "Feature",
    geometry: { type: "Point", coordinates: northmost(geometry) },
    properties: { label: say("circle.minutes", { n: Math.round(properties.minutes * 10) / 10 }) },
  }));
  return {
    sources: {
      "ring-tops": drawn(tops.length ? { type: "FeatureCollection", features: tops } : nothing),
      rings: drawn(features.length ? { type: "FeatureCollection", features } : nothing),
      route: drawn(
        route ? { type: "FeatureCollection", features: [{ type: "Feature", geometry: route, properties: {} }] } : nothing,
      ),
    },
    drawings: [
      {
        id: "rings",
        shelf: "answer",
        type: "fill",
        source: "rings",
        paint: { "fill-color": ["get", "colour"], "fill-opacity": theme === "light" ? 0.2 : 0.24 },
      },
      {
        id: "ring-edges",
        shelf: "answer",
        type: "line",
        source: "rings",
        layout: { "line-join": "round" },
        paint: { "line-color": ["get", "colour"], "line-width": 2 * scale },
      },
      {
        id: "ring-names",
        shelf: "top",
        type: "symbol",
        source: "ring-tops",
        layout: {
          "text-field": ["get", "label"],
          "text-font": font("Bold"),
          "text-size": 12 * scale,
          "text-anchor": "bottom",
          "text-offset": [0, -0.2],
          "text-allow-overlap": true,
        },
        paint: { "text-color": palette.accent, "text-halo-color": palette.halo, "text-halo-width": 2 },
      },
      {
        id: "route-casing",
        shelf: "marks",
        type: "line",
        source: "route",
        layout: { "line-join": "round", "line-cap": "round" },
        paint: { "line-color": palette.halo, "line-width": 8 * scale, "line-opacity": 0.9 },
      },
      {
        id: "route",
        shelf: "marks",
        type: "line",
        source: "route",
        layout: { "line-join": "round", "line-cap": "round" },
        paint: { "line-color": palette.accent, "line-width": 4.5 * scale },
      },
    ],
  };
}
