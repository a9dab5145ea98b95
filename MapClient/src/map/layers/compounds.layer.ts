import { font, nameIn, tiles, visible, type Contribution, type Picture } from "../picture";

export function compounds(picture: Picture): Contribution {
  const { palette, layers, scale } = picture;
  const visibility = visible(layers.compounds);
  const opacity = layers.compounds.opacity / 100;
  const source = { source: "compounds", "source-layer": "compounds" };
  return {
    sources: { compounds: tiles(picture, "compounds", "", 14) },
    drawings: [
      {
        id: "compounds",
        shelf: "shade",
        type: "fill",
        ...source,
        minzoom: 12.5,
        layout: { visibility },
        paint: { "fill-color": palette.compound, "fill-opacity": opacity },
      },
      {
        id: "compound-edges",
        shelf: "shade",
        type: "line",
        ...source,
        minzoom: 14,
        layout: { visibility },
        paint: { "line-color": palette.compoundEdge, "line-width": 1, "line-opacity": opacity },
      },
      {
        id: "compound-names",
        shelf: "names",
        type: "symbol",
        ...source,
        minzoom: 15,
        layout: {
          visibility,
          "text-field": nameIn(picture),
          "text-font": font(),
          "text-size": ["interpolate", ["linear"], ["zoom"], 15, 10.5 * scale, 18, 13 * scale],
          "text-max-width": 7,
          "symbol-avoid-edges": true,
          "text-padding": 8,
        },
        paint: { "text-color": palette.compoundText, "text-halo-color": palette.halo, "text-halo-width": 1.2 },
      },
    ],
  };
}
