// A map on one of the server's own HTML pages, in the page's language.
import { AttributionControl, Map as LibraryMap, NavigationControl, setWorkerUrl, type MapOptions } from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import type { Language } from "../text/language.svelte";
import { pageControls } from "../text/zh.page";

export const pageLanguage = (): Language => (document.documentElement.lang.startsWith("zh") ? "zh" : "en");

export function pageMap(container: HTMLElement, options: Omit<MapOptions, "container">): LibraryMap {
  setWorkerUrl(workerUrl);
  const map = new LibraryMap({
    ...options,
    container,
    attributionControl: false,
    ...(pageLanguage() === "zh" ? { locale: pageControls } : {}),
  });
  map.addControl(new NavigationControl({ showCompass: false }));
  map.addControl(new AttributionControl({ compact: true }));
  return map;
}

/** Draws the style that `data-style` names, where the style itself says. */
export function drawStyle(element: HTMLElement): void {
  const map = pageMap(element, { style: element.dataset["style"] ?? "" });
  map.on("load", () => element.setAttribute("data-loaded", "true"));
}
