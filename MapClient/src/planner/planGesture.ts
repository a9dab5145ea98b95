// What a gesture on the map means for the open plan: with the tool of the moment, one edit.
import type { Position } from "geojson";
import type { PlanCommand } from "../api/planContract";
import type { PlanGesture } from "../map/planGestures.svelte";
import { gridAround, gridsAt, pairOf } from "../map/planSnap";
import { latest } from "../state/latest";
import { planShown } from "../state/planShown.svelte";
import { toast } from "../state/toasts.svelte";
import { say } from "../text/language.svelte";
import { planDesk } from "./planDesk.svelte";

/** The grids that a line runs through, looked for at many places along it. */
export function gridsAlong(line: Position[], find: (at: Position) => string | null): string[] {
  const found = new Set<string>();
  for (let i = 1; i < line.length; i++) {
    const [ax = 0, ay = 0] = line[i - 1] as Position;
    const [bx = 0, by = 0] = line[i] as Position;
    for (let step = 1; step < 40; step++) {
      const key = find([ax + ((bx - ax) * step) / 40, ay + ((by - ay) * step) / 40]);
      if (key) found.add(key);
    }
  }
  return [...found];
}

export function commandOf(points: Position[]): PlanCommand | null {
  const { tool, grids, selected } = planShown;
  const geometry = { type: "LineString" as const, coordinates: points };
  if (tool === "split") {
    const crossed = gridsAlong(points, (at) => gridAround(at, grids));
    const wanted = selected.length ? crossed.filter((key) => selected.includes(key)) : crossed;
    return wanted.length || crossed.length ? { type: "split", grids: wanted.length ? wanted : crossed, geometry } : null;
  }
  if (tool === "reshape") {
    const [a, b] = selected;
    const pair = a && b && selected.length === 2 ? [a, b] : pairOf(points, grids);
    return pair && { type: "reshape", grids: pair, geometry };
  }
  const ring = { type: "Polygon" as const, coordinates: [[...points, points[0] as Position]] };
  if (tool === "draw") return { type: "draw", geometry: ring };
  const to = selected[0];
  if (tool !== "transfer" || !to || selected.length !== 1) return null;
  return points.length === 1 ? { type: "transfer", to, places: points } : { type: "transfer", to, geometry: ring };
}

/** The edit that an unfinished line is already: it cuts the grids that it has left again, it moves a border when it ends on one. */
function whole(points: Position[]): PlanCommand | null {
  const { tool, grids } = planShown;
  if (tool === "reshape" && (points.length < 3 || !pairOf(points, grids))) return null;
  const command = commandOf(points);
  if (command?.type !== "split") return command;
  const within = (at: Position | undefined) => (!at || gridsAt(at, grids, 1).length ? null : gridAround(at, grids));
  const ends = [within(points[0]), within(points.at(-1))];
  return command.grids.some((key) => !ends.includes(key)) ? command : null;
}

/** One question at a time while the hand moves, always the newest: answers come as fast as the server gives them. */
const tries = latest<PlanCommand | null>(async (command) => void (await planDesk.preview(command)));

export async function answerGesture(gesture: PlanGesture): Promise<void> {
  if (gesture.kind === "select") return choose(gesture.key, gesture.add);
  if (!planDesk.editable) return;
  if (gesture.kind === "move" || gesture.kind === "insert") {
    const command: PlanCommand =
      gesture.kind === "move"
        ? { type: "move-vertex", at: gesture.at, target: gesture.target }
        : { type: "insert-vertex", at: gesture.at, reachMetres: gesture.reachMetres };
    if (gesture.held) return tries.put(command);
    tries.put(null);
    await planDesk.edit(command);
  } else if (gesture.kind === "cancel") {
    tries.put(null);
    await planDesk.preview(null);
  } else if (gesture.kind === "delete") await planDesk.edit({ type: "delete-vertex", at: gesture.at });
  else if (gesture.kind === "sketch") tries.put(whole(gesture.points));
  else {
    const command = commandOf(gesture.points);
    if (command) await planDesk.edit(command);
    else
      toast(
        "fault",
        say(
          planShown.tool === "split" ? "plan.noGridHere" : planShown.tool === "reshape" ? "plan.noPair" : "plan.hint.transferFirst",
        ),
      );
  }
}

export function choose(key: string | null, add: boolean): void {
  const { selected } = planShown;
  if (key === null) planShown.selected = add ? selected : [];
  else if (!add) planShown.selected = [key];
  else planShown.selected = selected.includes(key) ? selected.filter((each) => each !== key) : [...selected, key];
}
