import type { ExpressionSpecification } from "maplibre-gl";
import { gainColours } from "../../state/symbology";
import { drawn, font, nothing, type Contribution, type Picture } from "../picture";

/** Facilities as they would stand: kept, moved (with the way from where they are today), closed, new, and sites that were chosen. */
export function stands({ walking, palette, theme, scale }: Picture): Contribution {
  const shown = walking?.stands ?? [];
  const { gain, loss } = gainColours[theme];
  const faint = theme === "light" ? "#5d6875" : "#93a0af";
  const colour: ExpressionSpecification = [
    "match",
    ["get", "kind"],
    "new",
    gain,
    "moved",
    palette.accent,
    "resized",
    palette.accent,
    "closed",
    loss,
    faint,
  ];
  const large: ExpressionSpecification = ["match", ["get", "kind"], "kept", 0.62, 1];
  const radius = (size: number): ExpressionSpecification => ["*", large, size * scale];
  return {
    sources: {
      stands: drawn(
        shown.length
          ? {
              type: "FeatureCollection",
              features: shown.map(({ key, kind, place }) => ({
                type: "Feature",
                geometry: { type: "Point", coordinates: [place.lon, place.lat] },
                properties: { key, kind, sign: { new: "+", closed: "×", moved: "→", resized: "±", kept: "" }[kind] },
              })),
            }
          : nothing,
      ),
      "stand-moves": drawn({
        type: "FeatureCollection",
        features: shown.flatMap(({ from, place }) =>
          from
            ? [
                {
                  type: "Feature",
                  geometry: {
                    type: "LineString",
                    coordinates: [
                      [from.lon, from.lat],
                      [place.lon, place.lat],
                    ],
                  },
                  properties: {},
                },
              ]
            : [],
        ),
      }),
    },
    drawings: [
      {
        id: "stand-moves",
        shelf: "marks",
        type: "line",
        source: "stand-moves",
        paint: { "line-color": palette.accent, "line-width": 2.5 * scale, "line-dasharray": [2, 1.5] },
      },
      {
        id: "stands",
        shelf: "top",
        type: "circle",
        source: "stands",
        paint: {
          "circle-color": colour,
          "circle-radius": ["interpolate", ["linear"], ["zoom"], 11, radius(6), 15, radius(11)],
          "circle-stroke-color": "#ffffff",
          "circle-stroke-width": ["match", ["get", "kind"], "kept", 1.2, 2.2],
        },
      },
      {
        id: "stand-signs",
        shelf: "top",
        type: "symbol",
        source: "stands",
        layout: {
          "text-field": ["get", "sign"],
          "text-font": font("Bold"),
          "text-size": ["interpolate", ["linear"], ["zoom"], 11, 11 * scale, 15, 17 * scale],
          "text-allow-overlap": true,
          "text-ignore-placement": true,
        },
        paint: { "text-color": "#ffffff" },
      },
    ],
  };
}
