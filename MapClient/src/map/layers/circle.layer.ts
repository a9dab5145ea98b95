import { drawn, nothing, type Contribution, type Picture } from "../picture";

/** The straight circle. Where the walk is drawn too, it is only an outline: a claim. */
export function circle({ circle: answer, walking, palette, scale }: Picture): Contribution {
  return {
    sources: {
      circle: drawn(
        answer ? { type: "FeatureCollection", features: [{ type: "Feature", geometry: answer.outline, properties: {} }] } : nothing,
      ),
      "circle-facilities": drawn(
        answer
          ? {
              type: "FeatureCollection",
              features: answer.facilities.items.map((item) => ({
                type: "Feature",
                geometry: { type: "Point", coordinates: [item.place.lon, item.place.lat] },
                properties: { id: item.id },
              })),
            }
          : nothing,
      ),
    },
    drawings: [
      {
        id: "circle",
        shelf: "answer",
        type: "fill",
        source: "circle",
        paint: { "fill-color": palette.accent, "fill-opacity": walking?.isochrone ? 0 : 0.1 },
      },
      {
        id: "circle-edge",
        shelf: "answer",
        type: "line",
        source: "circle",
        paint: {
          "line-color": palette.accent,
          "line-width": 2.2 * scale,
          ...(walking?.isochrone ? { "line-dasharray": [2.5, 2] } : {}),
        },
      },
      {
        id: "circle-facilities",
        shelf: "answer",
        type: "circle",
        source: "circle-facilities",
        minzoom: 12,
        paint: {
          "circle-radius": ["interpolate", ["linear"], ["zoom"], 12, 3, 15, 11, 17, 15],
          "circle-color": palette.accent,
          "circle-opacity": 0.22,
        },
      },
    ],
  };
}
