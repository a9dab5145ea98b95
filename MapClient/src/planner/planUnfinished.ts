// What is begun and not yet the plan's: a line half drawn, words half written. A browser that is closed keeps it; edits are the server's at once.
import type { Position } from "geojson";
import { planTools, type PlanTool } from "../state/planShown.svelte";

/** What is written for publishing. */
export type Writing = { reason: string; day: string; comment: string; objecting: number | null; objection: string };
export type Unfinished = Writing & { tool: PlanTool; points: Position[] };
type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const place = (plan: number) => `gridmap.plan.${plan}`;
export const nothingWritten = (): Writing => ({ reason: "", day: "", comment: "", objecting: null, objection: "" });

export function unfinished(plan: number, shelf: Shelf = localStorage): Unfinished {
  const found: Unfinished = { ...nothingWritten(), tool: "select", points: [] };
  try {
    const kept = JSON.parse(shelf.getItem(place(plan)) ?? "{}") as Partial<Record<keyof Unfinished, unknown>>;
    for (const name of ["reason", "day", "comment", "objection"] as const)
      if (typeof kept[name] === "string") found[name] = kept[name];
    if (typeof kept.objecting === "number") found.objecting = kept.objecting;
    const tool = planTools.find((each) => each === kept.tool);
    if (tool && Array.isArray(kept.points) && kept.points.every(isPosition)) [found.tool, found.points] = [tool, kept.points];
  } catch {
    // What cannot be read is as good as nothing.
  }
  return found;
}
const isPosition = (at: unknown): at is Position =>
  Array.isArray(at) && at.length === 2 && at.every((value) => Number.isFinite(value));

export function keepUnfinished(plan: number, { tool, points, ...writing }: Unfinished, shelf: Shelf = localStorage): void {
  const kept = Object.entries({ ...writing, ...(points.length ? { tool, points } : {}) }).filter(
    ([, value]) => value !== "" && value !== null,
  );
  try {
    if (kept.length) shelf.setItem(place(plan), JSON.stringify(Object.fromEntries(kept)));
    else shelf.removeItem(place(plan));
  } catch {
    // A browser that may keep nothing keeps nothing.
  }
}
