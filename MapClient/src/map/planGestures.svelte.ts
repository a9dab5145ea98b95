// Gestures of the planner's tools on the map: choose, draw a line, draw an area, drag a corner. What a gesture means is not known here.
import type { Feature, Position } from "geojson";
import type { GeoJSONSource, MapMouseEvent } from "maplibre-gl";
import { theme } from "../state/desk.svelte";
import { planShown } from "../state/planShown.svelte";
import type { MapView } from "./mapView";
import { gridAround, metresBetween, movableCorners, snap, snapToStreet, type Corner, type Snap, type Street } from "./planSnap";
import { planStreets } from "./planStreets.svelte";
import { sketchLayers, sketchSource } from "./planSketch";

export type PlanGesture =
  | { kind: "select"; key: string | null; add: boolean }
  | { kind: "line" | "area" | "sketch"; points: Position[] }
  | { kind: "move"; at: Position; target: Position; held?: boolean }
  | { kind: "insert"; at: Position; reachMetres: number; held?: boolean }
  | { kind: "delete"; at: Position }
  | { kind: "cancel" };

const reachPixels = 12;
const samePixels = 7;
let view: MapView | null = null;
let listener: (gesture: PlanGesture) => void = () => {};
let loaded = false;
let corners: Corner[] = [];
let held: { from: Position; ends: Position[]; corner: boolean; moved: boolean; byKey: boolean } | null = null;
let cursor: Snap | { at: [number, number]; kind: null; grids: string[] } | null = null;
let passed = false;
let toldAt = 0;
/** What draws: the mouse, or the cross in the middle of the map. Enter ends the line of the one and sets a point of the other. */
let hand: "mouse" | "keys" = "keys";
const state = $state({ points: [] as Position[], on: null as Snap["kind"] | null, holding: false });
let street = $state.raw<Street | null>(null);

const drawing = () => ["split", "reshape", "draw", "transfer"].includes(planShown.tool);
const isArea = () => planShown.tool === "draw" || planShown.tool === "transfer";
const takes = () => planShown.open;
const places = () => takes() && planShown.editable && (drawing() || planShown.tool === "vertex");
const metresPerPixel = (lat: number) => (view ? (78_271.517 * Math.cos((lat * Math.PI) / 180)) / 2 ** view.map.getZoom() : 1);

/** What is held does not take hold of the plan, where it would touch itself, but of the streets. */
function placed(at: [number, number], free: boolean, inHand = false): NonNullable<typeof cursor> {
  const reach = reachPixels * metresPerPixel(at[1]);
  const streets = planStreets.held;
  const found = free ? null : inHand ? snapToStreet(at, reach, streets) : snap(at, reach, planShown.grids, streets);
  return found ?? { at: [Number(at[0].toFixed(7)), Number(at[1].toFixed(7))], kind: null, grids: [] };
}
const line = (coordinates: Position[], part: string): Feature => ({
  type: "Feature",
  geometry: { type: "LineString", coordinates },
  properties: { part },
});
const dot = (at: Position, part: string): Feature => ({
  type: "Feature",
  geometry: { type: "Point", coordinates: at },
  properties: { part },
});

function paint() {
  if (!view || !loaded) return;
  const { map } = view;
  const features: Feature[] = [];
  const points = state.points;
  const here = cursor?.at;
  if (points.length) {
    features.push(...points.map((at) => dot(at, "point")));
    if (points.length > 1) features.push(line(points, "line"));
    if (here)
      features.push(line(isArea() && points.length > 1 ? [points.at(-1)!, here, points[0]!] : [points.at(-1)!, here], "rubber"));
    if (isArea() && points.length + (here ? 1 : 0) > 2) {
      const ring = [...points, ...(here ? [here] : []), points[0]!];
      features.push({ type: "Feature", geometry: { type: "Polygon", coordinates: [ring] }, properties: { part: "area" } });
    }
  }
  if (planShown.tool === "vertex") {
    features.push(...corners.map(({ at }) => dot(at, "corner")));
    if (held && here) features.push(...held.ends.map((end) => line([end, here], "rubber")), dot(here, "point"));
  }
  if (cursor?.kind === "street" && (drawing() || held))
    features.push(line(cursor.street.line, "street"), dot(cursor.at, "on-street"));
  else if (cursor?.kind && (drawing() || planShown.tool === "vertex") && !held) features.push(dot(cursor.at, cursor.kind));
  const source = map.getSource<GeoJSONSource>(sketchSource);
  if (!features.length && !source) return;
  const data = { type: "FeatureCollection" as const, features };
  if (source) source.setData(data);
  else {
    map.addSource(sketchSource, { type: "geojson", data });
    for (const layer of sketchLayers(theme())) map.addLayer(layer);
  }
}
function reset() {
  state.points = [];
  state.on = null;
  street = null;
  state.holding = false;
  held = null;
  cursor = null;
  planShown.preview = null;
  paint();
}
function finish() {
  const points = $state.snapshot(state.points);
  // One place says the whole block that it lies in.
  const isBlock = planShown.tool === "transfer" && points.length === 1;
  if (points.length < (isArea() ? 3 : 2) && !isBlock) return;
  reset();
  listener({ kind: isArea() ? "area" : "line", points });
}
function add(place: NonNullable<typeof cursor>) {
  const last = state.points.at(-1);
  const first = state.points[0];
  const touching = samePixels * metresPerPixel(place.at[1]);
  if (last && metresBetween(last, place.at) < touching) return finish();
  if (isArea() && first && state.points.length > 2 && metresBetween(first, place.at) < touching) return finish();
  state.points = [...state.points, place.at];
  paint();
}
function told(place: NonNullable<typeof cursor>) {
  state.on = place.kind;
  street = place.kind === "street" ? place.street : null;
}
/** The desk hears of an unfinished line now and then, to show what it would do. */
function tell() {
  const now = performance.now();
  if (now - toldAt < 100 || state.points.length < (isArea() ? 2 : 1) || !cursor) return;
  toldAt = now;
  listener({ kind: "sketch", points: [...$state.snapshot(state.points), cursor.at] });
}
function cornerNear(at: Position): Corner | null {
  let best: Corner | null = null;
  let reach = reachPixels * metresPerPixel(at[1] ?? 0);
  for (const corner of corners) {
    const away = metresBetween(at, corner.at);
    if (away < reach) [best, reach] = [corner, away];
  }
  return best;
}
/** Only a border between two grids can be led elsewhere; a corner of the outer border stays where it is. */
function movable(at: [number, number]): boolean {
  const { kind, grids } = placed(at, false);
  return kind === "border" && grids.length === 2;
}
function take(at: [number, number], byKey: boolean): boolean {
  const corner = cornerNear(at);
  if (corner) held = { from: corner.at, ends: corner.ends, corner: true, moved: false, byKey };
  else {
    if (!movable(at)) return false;
    const border = placed(at, false);
    held = { from: border.at, ends: [border.at], corner: false, moved: false, byKey };
  }
  state.holding = true;
  return true;
}
const dragged = ({ from, corner }: NonNullable<typeof held>, at: [number, number]): PlanGesture =>
  corner ? { kind: "move", at: from, target: at } : { kind: "insert", at, reachMetres: Math.min(200, metresBetween(from, at) + 1) };
function drop(at: [number, number]) {
  const hand = held;
  reset();
  if (hand?.moved) listener(dragged(hand, at));
}
const at = (event: MapMouseEvent): [number, number] => [event.lngLat.lng, event.lngLat.lat];

function onMove(event: MapMouseEvent) {
  if (!takes()) return;
  hand = "mouse";
  const free = event.originalEvent.altKey;
  if (planShown.tool === "select" || !planShown.editable) planShown.hovered = gridAround(at(event), planShown.grids);
  else {
    if (held && !held.byKey && event.originalEvent.buttons === 0) return drop(cursor?.at ?? at(event));
    const dragging = planShown.tool === "vertex";
    const corner = dragging && !held ? cornerNear(at(event)) : null;
    cursor = corner
      ? { at: corner.at, kind: "vertex", grids: corner.grids }
      : placed(at(event), free || (dragging && !held && !movable(at(event))), !!held);
    if (held) {
      held.moved ||= metresBetween(held.from, cursor.at) > 2 * metresPerPixel(cursor.at[1]);
      // What the corner would do where it is now is shown while it is in the hand.
      if (held.moved) listener({ ...dragged(held, cursor.at), held: true } as PlanGesture);
    }
    told(cursor);
    paint();
    tell();
  }
}
function onClick(event: MapMouseEvent) {
  if (!takes() || passed) {
    passed = false;
    return;
  }
  if (drawing() && planShown.editable) add(placed(at(event), event.originalEvent.altKey));
  else if (planShown.tool === "select" || !planShown.editable) {
    const { shiftKey, ctrlKey, metaKey } = event.originalEvent;
    listener({ kind: "select", key: gridAround(at(event), planShown.grids), add: shiftKey || ctrlKey || metaKey });
  }
}
function onDown(event: MapMouseEvent) {
  if (!takes() || !planShown.editable || planShown.tool !== "vertex" || event.originalEvent.button !== 0) return;
  if (take(at(event), false)) event.preventDefault();
}
function onUp(event: MapMouseEvent) {
  if (!held || held.byKey) return;
  passed = true;
  setTimeout(() => (passed = false), 50);
  drop(cursor?.at ?? at(event));
}
function onMenu(event: MapMouseEvent) {
  if (!takes() || planShown.tool !== "vertex") return;
  const corner = cornerNear(at(event));
  if (corner) listener({ kind: "delete", at: corner.at });
}
const onSettled = () => view && planStreets.follow(view.map, places());
/** The keyboard draws with the cross in the middle of the map: arrows move it, Enter sets a point. */
function onKey(event: KeyboardEvent) {
  if (!takes() || !view || !planShown.editable) return;
  const { lon, lat } = view.centre();
  if (event.key.startsWith("Arrow")) hand = "keys";
  else if (event.key === "Enter") {
    event.stopImmediatePropagation();
    if (drawing() && hand === "mouse" && state.points.length) finish();
    else if (drawing()) {
      cursor = placed([lon, lat], event.altKey);
      told(cursor);
      add(cursor);
      toldAt = 0;
      tell();
    } else if (planShown.tool === "vertex") {
      if (!held) take([lon, lat], true);
      else {
        held.moved = true;
        drop(placed([lon, lat], event.altKey, true).at);
      }
      paint();
    } else listener({ kind: "select", key: gridAround([lon, lat], planShown.grids), add: event.shiftKey });
  } else if (event.key === "Backspace" && state.points.length) {
    state.points = state.points.slice(0, -1);
    paint();
  } else if ((event.key === "Delete" || event.key === "Backspace") && planShown.tool === "vertex") {
    const corner = cornerNear(cursor?.at ?? [lon, lat]);
    if (corner) listener({ kind: "delete", at: corner.at });
  }
}

export const planGestures = {
  get takes() {
    return takes();
  },
  get drawing() {
    return places();
  },
  /** What is being drawn, for the words beside the tools. */
  get points() {
    return state.points.length;
  },
  /** The line or ring as far as it is drawn. */
  get drawn(): Position[] {
    return $state.snapshot(state.points);
  },
  /** Goes on with a line that was begun earlier. */
  resume(points: Position[]) {
    state.points = points;
    paint();
  },
  get on() {
    return state.on;
  },
  /** The street that it is on. */
  get street() {
    return street;
  },
  get holding() {
    return state.holding;
  },
  /** Something is half drawn, or in the hand. */
  get underway() {
    return state.points.length > 0 || state.holding;
  },
  listen(to: (gesture: PlanGesture) => void) {
    listener = to;
  },
  finish,
  /** True when there was something to put away. */
  cancel(): boolean {
    const had = state.points.length > 0 || held !== null;
    reset();
    // What it would do may still be on its way.
    if (had) listener({ kind: "cancel" });
    return had;
  },
  /** After another tool was taken, or the grids changed. */
  refresh() {
    corners = planShown.open && planShown.tool === "vertex" ? movableCorners(planShown.grids) : [];
    if (view) {
      if (drawing() && planShown.open) view.map.doubleClickZoom.disable();
      else view.map.doubleClickZoom.enable();
      // The box that Shift draws to zoom would keep the click that adds a grid to those chosen.
      if (planShown.open) view.map.boxZoom.disable();
      else view.map.boxZoom.enable();
      planStreets.follow(view.map, places());
    }
    reset();
  },
  repaint() {
    if (!view?.map.getSource(sketchSource)) return;
    for (const { id } of sketchLayers(theme())) if (view.map.getLayer(id)) view.map.removeLayer(id);
    view.map.removeSource(sketchSource);
    paint();
  },
  attach(to: MapView) {
    view = to;
    const { map } = to;
    map.once("load", () => {
      loaded = true;
      paint();
    });
    map.on("moveend", onSettled);
    map.on("mousemove", onMove);
    map.on("click", onClick);
    map.on("mousedown", onDown);
    map.on("mouseup", onUp);
    map.on("contextmenu", onMenu);
    map.on("mouseout", () => (planShown.hovered = null));
    map.getCanvas().addEventListener("keydown", onKey);
  },
  detach() {
    planStreets.putAway();
    view = null;
    loaded = false;
  },
};
