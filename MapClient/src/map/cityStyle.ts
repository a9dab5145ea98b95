import type { LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";
import { allLayers } from "./allLayers";
import { shelves, type Drawing, type Picture } from "./picture";

/** The basemap an operator has configured: only pictures in our own datum line up, so others are not drawn. */
function backdrop({ basemap, theme }: Picture): { sources: Record<string, SourceSpecification>; layers: LayerSpecification[] } {
  if (basemap?.kind !== "raster" || !["wgs84", "cgcs2000"].includes(basemap.datum)) return { sources: {}, layers: [] };
  return {
    sources: {
      basemap: { type: "raster", tiles: [basemap.url], tileSize: 256, maxzoom: basemap.maxZoom, attribution: basemap.attribution },
    },
    layers: [
      {
        id: "basemap",
        type: "raster",
        source: "basemap",
        paint: theme === "dark" ? { "raster-brightness-max": 0.45, "raster-saturation": -0.5 } : { "raster-saturation": -0.25 },
      },
    ],
  };
}

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
