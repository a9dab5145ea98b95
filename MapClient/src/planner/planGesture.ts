// What a gesture on the map means for the open plan: with the tool of the moment, one edit.
import type { Position } from "geojson";
import type { PlanCommand } from "../api/planContract";
import type { PlanGesture } from "../map/planGestures.svelte";
import { gridAround, gridsAt, pairOf } from "../map/planSnap";
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
  return tool === "transfer" && to && selected.length === 1 ? { type: "transfer", to, geometry: ring } : null;
}

/** Whether an unfinished line may already be an edit: it cuts when it ends outside what it began to cut, it moves a border when it ends on one. */
function isWhole(points: Position[]): boolean {
  const { tool, grids } = planShown;
  const [first, last] = [points[0] as Position, points.at(-1) as Position];
  if (tool === "reshape") return points.length > 2 && pairOf(points, grids) !== null;
  const free = (at: Position) => (gridsAt(at, grids, 1).length ? null : gridAround(at, grids));
  const ends = [free(first), free(last)];
  return gridsAlong(points, (at) => gridAround(at, grids)).some((key) => !ends.includes(key));
}

export async function answerGesture(gesture: PlanGesture): Promise<void> {
  if (gesture.kind === "select") return choose(gesture.key, gesture.add);
  if (!planDesk.editable) return;
  if (gesture.kind === "move") await planDesk.edit({ type: "move-vertex", at: gesture.at, target: gesture.target });
  else if (gesture.kind === "insert")
    await planDesk.edit({ type: "insert-vertex", at: gesture.at, reachMetres: gesture.reachMetres });
  else if (gesture.kind === "delete") await planDesk.edit({ type: "delete-vertex", at: gesture.at });
  else if (gesture.kind === "sketch") await planDesk.preview(isWhole(gesture.points) ? commandOf(gesture.points) : null);
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
