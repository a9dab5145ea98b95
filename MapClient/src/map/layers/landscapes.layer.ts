import { font, nameIn, tiles, visible, type Contribution, type Picture } from "../picture";

export function landscapes(picture: Picture): Contribution {
  const { palette, layers, scale } = picture;
  const visibility = visible(layers.landscapes);
  const opacity = layers.landscapes.opacity / 100;
  const name = nameIn(picture);
  return {
    sources: { landscapes: tiles(picture, "landscapes", "", 14) },
    drawings: [
      {
        id: "landscapes",
        shelf: "ground",
        type: "fill",
        source: "landscapes",
        "source-layer": "landscapes",
        layout: { visibility },
        paint: {
          "fill-color": [
            "match",
            ["get", "kind"],
            "water",
            palette.water,
            "green",
            palette.green,
            "square",
            palette.square,
            "rail",
            palette.rail,
            palette.square,
          ],
          "fill-opacity": opacity,
        },
      },
      {
        id: "landscape-names",
        shelf: "names",
        type: "symbol",
        source: "landscapes",
        "source-layer": "landscapes",
        minzoom: 13,
        filter: [
          "all",
          ["!=", ["coalesce", ["get", "name"], ""], ""],
          ["in", ["get", "kind"], ["literal", ["water", "green", "square"]]],
        ],
        layout: {
          visibility,
          "text-field": name,
          "text-font": font(),
          "text-size": ["interpolate", ["linear"], ["zoom"], 13, 10.5 * scale, 17, 13 * scale],
          "text-letter-spacing": 0.06,
          "text-max-width": 7,
          "symbol-avoid-edges": true,
          "text-padding": 12,
        },
        paint: {
          "text-color": ["match", ["get", "kind"], "water", palette.waterText, palette.greenText],
          "text-halo-color": palette.halo,
          "text-halo-width": 1,
        },
      },
    ],
  };
}
