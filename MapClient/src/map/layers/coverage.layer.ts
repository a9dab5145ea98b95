import { drawn, font, nothing, tiles, type Contribution, type Picture } from "../picture";

/** Streets, communities or grids in the colours of an answer, and the gaps on top. */
export function coverage(picture: Picture): Contribution {
  const { palette, theme, scale } = picture;
  if (!picture.coverage) return { sources: { "coverage-gaps": drawn(nothing) }, drawings: [] };
  const { by, colours, gaps } = picture.coverage;
  const coloured = colours.flatMap(({ id, colour }) => [id, colour]);
  const layer = by === "grid" ? "grids" : "areas";
  return {
    sources: {
      "coverage-areas": by === "grid" ? tiles(picture, "grids", "?net=base", 14) : tiles(picture, "areas", "", 14),
      "coverage-gaps": drawn(gaps),
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
        paint: {
          "fill-color": theme === "light" ? "#7a1020" : "#ff6b6b",
          "fill-opacity": ["interpolate", ["linear"], ["zoom"], 11.5, 0.16, 14, 0.32],
        },
      },
      {
        id: "coverage-gap-edges",
        shelf: "answer",
        type: "line",
        source: "coverage-gaps",
        paint: {
          "line-color": theme === "light" ? "#7a1020" : "#ff8a8a",
          "line-width": ["interpolate", ["linear"], ["zoom"], 11.5, 0.7 * scale, 14, 1.6 * scale],
          "line-dasharray": [3, 1.5],
        },
      },
      {
        id: "coverage-gap-names",
        shelf: "names",
        type: "symbol",
        source: "coverage-gaps",
        minzoom: 12.5,
        layout: {
          "text-field": ["number-format", ["get", "residents"], { locale: picture.language === "zh" ? "zh-CN" : "en-GB" }],
          "text-font": font("Bold"),
          "text-size": 12 * scale,
          "text-padding": 2,
        },
        paint: { "text-color": theme === "light" ? "#6b0f1c" : "#ffc1c1", "text-halo-color": palette.halo, "text-halo-width": 1.6 },
      },
    ],
  };
}
