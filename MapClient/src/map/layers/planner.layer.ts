import type { ExpressionSpecification } from "maplibre-gl";
import { drawn, type Contribution, type Picture } from "../picture";

/** What the server finds wrong with a drawn boundary, and the place a list points at. */
export function planner({ faults, hint, palette, theme, scale }: Picture): Contribution {
  const wrong = theme === "light" ? "#c81e3a" : "#ff5d6c";
  const doubtful = theme === "light" ? "#b86a00" : "#ffc46b";
  const colour: ExpressionSpecification = ["case", ["get", "warning"], doubtful, wrong];
  return {
    sources: {
      faults: drawn({
        type: "FeatureCollection",
        features: faults.flatMap((fault) =>
          fault.place
            ? [
                {
                  type: "Feature",
                  geometry: { type: "Point", coordinates: [fault.place.lon, fault.place.lat] },
                  properties: { warning: "severity" in fault && fault.severity === "warning" },
                },
              ]
            : [],
        ),
      }),
      hint: drawn({
        type: "FeatureCollection",
        features: hint ? [{ type: "Feature", geometry: { type: "Point", coordinates: [hint.lon, hint.lat] }, properties: {} }] : [],
      }),
    },
    drawings: [
      {
        id: "faults",
        shelf: "top",
        type: "circle",
        source: "faults",
        paint: {
          "circle-radius": 10,
          "circle-color": colour,
          "circle-opacity": 0.25,
          "circle-stroke-color": colour,
          "circle-stroke-width": 2.5,
        },
      },
      {
        id: "hint",
        shelf: "top",
        type: "circle",
        source: "hint",
        paint: {
          "circle-radius": 14 * scale,
          "circle-color": palette.accent,
          "circle-opacity": 0.12,
          "circle-stroke-color": palette.accent,
          "circle-stroke-width": 2.5,
        },
      },
    ],
  };
}
