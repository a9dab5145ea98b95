// Wishes for the map's view. Whoever wants the map to go somewhere says so here; the map obeys.
import type { Bbox, Place } from "../api/contract";

type Wish = { kind: "fly"; place: Place; zoom: number } | { kind: "fit"; bbox: Bbox; maxZoom: number };
export const camera = $state<{ wish: Wish | null; turn: number }>({ wish: null, turn: 0 });

export function flyTo(place: Place, zoom = 16): void {
  camera.wish = { kind: "fly", place: { ...place }, zoom };
  camera.turn++;
}
export function fitTo(bbox: Bbox, maxZoom = 17): void {
  camera.wish = { kind: "fit", bbox: [...bbox], maxZoom };
  camera.turn++;
}
