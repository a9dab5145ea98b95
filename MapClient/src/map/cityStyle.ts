import type { LayerSpecification, StyleSpecification } from "maplibre-gl";
import { allLayers } from "./allLayers";
import { backdrop } from "./backdrop";
import { shelves, type Drawing, type Picture } from "./picture";

/** A larger scale shows the same piece of the city at a higher zoom: what appears when is a matter of the piece, not of the zoom. */
const shifted = (layer: LayerSpecification, scale: number): LayerSpecification =>
  layer.minzoom === undefined || scale === 1 ? layer : { ...layer, minzoom: layer.minzoom + Math.log2(scale) };

export function cityStyle(picture: Picture): StyleSpecification {
  const contributions = allLayers.map((layer) => layer(picture));
  const drawings = contributions.flatMap((contribution) => contribution.drawings);
  const below = backdrop(picture);
  return {
    version: 8,
    name: `GridMap ${picture.theme}`,
    ...(below.sprite ? { sprite: below.sprite } : {}),
    sources: Object.assign({}, below.sources, ...contributions.map((contribution) => contribution.sources)),
    layers: [
      { id: "land", type: "background", paint: { "background-color": picture.palette.land } },
      ...below.layers,
      ...shelves.flatMap((shelf) =>
        drawings
          .filter((drawing) => drawing.shelf === shelf)
          .map((drawing) => {
            const layer: Partial<Drawing> = { ...drawing };
            delete layer.shelf;
            return shifted(layer as LayerSpecification, picture.scale);
          }),
      ),
    ],
    light: { anchor: "viewport", intensity: picture.theme === "dark" ? 0.25 : 0.4, position: [1.2, 200, 40] },
    transition: { duration: 0, delay: 0 },
  };
}
