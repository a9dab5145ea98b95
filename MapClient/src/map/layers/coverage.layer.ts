import { drawn, font, nothing, tiles, type Contribution, type Picture } from "../picture";
import { coverageColour } from "../../state/symbology";

/** Streets, communities or grids coloured by the share of people covered, and the gaps on top. */
export function coverage(picture: Picture): Contribution {
  const { palette, theme, scale } = picture;
  if (!picture.coverage) return { sources: { "coverage-gaps": drawn(nothing) }, drawings: [] };
  const { answer, by } = picture.coverage;
  const rows =
    by === "grid"
      ? answer.byGrid.map((row) => ({ id: row.id, percent: row.residentsPercent }))
      : (by === "street" ? answer.byStreet : answer.byCommunity).map((row) => ({ id: row.area.id, percent: row.residentsPercent }));
  const coloured = rows.flatMap(({ id, percent }) => {
    const colour = coverageColour(percent, theme);
    return colour && id !== null ? [id, colour] : [];
  });
  const layer = by === "grid" ? "grids" : "areas";
  return {
    sources: {
      "coverage-areas": by === "grid" ? tiles(picture, "grids", "?net=base", 14) : tiles(picture, "areas", "", 14),
      "coverage-gaps": drawn({
        ...answer.gaps,
        features: answer.gaps.features.map((gap, index) => ({ ...gap, properties: { ...gap.properties, id: index + 1, index } })),
      }),
    },
    drawings: [
      ...(coloured.length
        ? [
            {
              id: "coverage-areas",
              shelf: "ways" as const,
              type: "fill" as const,
              source: "coverage-areas",
              "source-layer": layer,
              paint: {
                "fill-color": ["match", ["id"], ...coloured, "rgba(0,0,0,0)"] as never,
                "fill-opacity": ["interpolate", ["linear"], ["zoom"], 12, 0.66, 16, 0.42] as never,
              },
            },
          ]
        : []),
      {
        id: "coverage-gaps",
        shelf: "answer",
        type: "fill",
        source: "coverage-gaps",
        paint: { "fill-color": theme === "light" ? "#7a1020" : "#ff6b6b", "fill-opacity": 0.32 },
      },
      {
        id: "coverage-gap-edges",
        shelf: "answer",
        type: "line",
        source: "coverage-gaps",
        paint: { "line-color": theme === "light" ? "#7a1020" : "#ff8a8a", "line-width": 1.6 * scale, "line-dasharray": [3, 1.5] },
      },
      {
        id: "coverage-gap-names",
        shelf: "names",
        type: "symbol",
        source: "coverage-gaps",
        minzoom: 12.5,
        layout: {
          "text-field": ["to-string", ["get", "residents"]],
          "text-font": font("Bold"),
          "text-size": 12 * scale,
          "text-padding": 2,
        },
        paint: { "text-color": theme === "light" ? "#6b0f1c" : "#ffc1c1", "text-halo-color": palette.halo, "text-halo-width": 1.6 },
      },
    ],
  };
}
