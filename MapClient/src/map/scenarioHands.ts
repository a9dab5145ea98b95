// Facilities of a scenario under the pointer: a press on one takes it into the hand, letting go puts it down. A touch does the same.
import type { MapMouseEvent, MapTouchEvent } from "maplibre-gl";
import { addAt, chosenStand, hold, isScenarioOpen, putDown, scenario, standsNow } from "../state/scenario.svelte";
import type { MapView } from "./mapView";

const reach = 8;
const farEnough = 4;

/** The stand under a point of the screen. */
function standAt(view: MapView, { x, y }: { x: number; y: number }): string | null {
  if (!view.map.getLayer("stands")) return null;
  const found = view.map.queryRenderedFeatures(
    [
      [x - reach, y - reach],
      [x + reach, y + reach],
    ],
    { layers: ["stands"] },
  );
  const key: unknown = found[0]?.properties["key"];
  return typeof key === "string" ? key : null;
}

/** True when the click meant the scenario. */
export function clickScenario(view: MapView, point: { x: number; y: number }, place: { lon: number; lat: number }): boolean {
  if (!isScenarioOpen()) return false;
  const key = standAt(view, point);
  if (key) {
    scenario.chosen = key;
    scenario.isAdding = false;
  } else if (scenario.isAdding) addAt(place);
  else scenario.chosen = null;
  return true;
}

export function scenarioHands(view: MapView): () => void {
  const { map } = view;
  let pressed: { key: string; x: number; y: number } | null = null;

  function press(event: MapMouseEvent | MapTouchEvent) {
    if (!isScenarioOpen() || scenario.isAdding) return;
    const key = standAt(view, event.point);
    const stand = standsNow().find((each) => each.key === key);
    if (!stand || stand.kind === "closed") return;
    // The map itself stays where it is while a facility is moved.
    event.preventDefault();
    pressed = { key: stand.key, x: event.point.x, y: event.point.y };
  }
  function move({ point, lngLat }: MapMouseEvent | MapTouchEvent) {
    if (!pressed) return;
    if (!scenario.held && Math.hypot(point.x - pressed.x, point.y - pressed.y) < farEnough) return;
    scenario.chosen = pressed.key;
    hold(pressed.key, { lon: lngLat.lng, lat: lngLat.lat });
  }
  function release() {
    if (pressed && scenario.held) putDown();
    pressed = null;
  }
  /** Esc lets what is in the hand go back to where it stood. */
  function letGo(event: KeyboardEvent) {
    if (event.key !== "Escape" || !pressed) return;
    scenario.held = pressed = null;
  }
  map.on("mousedown", press);
  map.on("touchstart", press);
  map.on("mousemove", move);
  map.on("touchmove", move);
  window.addEventListener("mouseup", release);
  window.addEventListener("touchend", release);
  window.addEventListener("keydown", letGo);
  return () => {
    window.removeEventListener("keydown", letGo);
    window.removeEventListener("mouseup", release);
    window.removeEventListener("touchend", release);
  };
}
export const markerPlace = () => {
  const stand = isScenarioOpen() ? chosenStand() : null;
  if (!stand) return null;
  return scenario.held?.key === stand.key ? scenario.held.place : stand.place;
};
