import type { Position } from "geojson";
import type { MapView } from "./mapView";

const shownMs = 7000;

/** Rings that say "here, just now", gone after a few seconds. */
export function pulseAt(view: MapView, [lon = 0, lat = 0]: Position): void {
  const element = document.createElement("span");
  element.className = "pulse";
  element.setAttribute("aria-hidden", "true");
  const marker = view.marker({ lon, lat }, element);
  setTimeout(() => marker.remove(), shownMs);
}
