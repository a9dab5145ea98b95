// The background map from outside that an operator has configured.
import type { LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";
import type { Picture } from "./picture";

export type Backdrop = Pick<StyleSpecification, "sources" | "layers"> & Partial<Pick<StyleSpecification, "sprite">>;

const none: Backdrop = { sources: {}, layers: [] };

/** Only maps in the city's own datum line up; the server refuses others when it starts. */
export function backdrop({ basemap, basemapStyle, theme }: Picture): Backdrop {
  if (!basemap) return none;
  if (basemap.kind === "style") return basemapStyle ? ofStyle(basemapStyle, basemap.url, basemap.attribution) : none;
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

const own = (id: string) => `basemap-${id}`;

/** Addresses within a style may be relative to it; the braces of a tile address must stay. */
export const absolute = (address: string, style: string): string =>
  new URL(address, new URL(style, location.href)).href.replaceAll("%7B", "{").replaceAll("%7D", "}");

/** A whole style under ours: its names get a prefix, its letters come from the browser's fonts like all others. */
function ofStyle(style: StyleSpecification, url: string, attribution: string): Backdrop {
  const sources = Object.entries(style.sources).map(([id, source]) => {
    const moved: Record<string, unknown> = { ...source };
    if (typeof moved["url"] === "string") moved["url"] = absolute(moved["url"], url);
    if (Array.isArray(moved["tiles"])) moved["tiles"] = moved["tiles"].map((tile: string) => absolute(tile, url));
    if (typeof moved["data"] === "string") moved["data"] = absolute(moved["data"], url);
    else if (moved["type"] !== "geojson" && !moved["attribution"]) moved["attribution"] = attribution;
    return [own(id), moved as SourceSpecification] as const;
  });
  const layers = style.layers.map((layer) => {
    const moved: Record<string, unknown> = { ...layer, id: own(layer.id) };
    if ("source" in layer && typeof layer.source === "string") moved["source"] = own(layer.source);
    return moved as LayerSpecification;
  });
  return {
    sources: Object.fromEntries(sources),
    layers,
    ...(typeof style.sprite === "string" ? { sprite: absolute(style.sprite, url) } : {}),
  };
}
