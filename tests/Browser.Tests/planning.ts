// What journeys through plans ask the server beside the desk.
import { ask, key } from "./desk.js";
import type { Page } from "@playwright/test";

export type Area = { id: number; level: string; name: string; grids: number };
export type Grid = { key: string; households: number; bbox: [number, number, number, number]; geometry: { coordinates: [number, number][][] } };
export type Plan = { id: number; version: number };

export const communities = async () =>
  (await ask<{ items: Area[] }>("/api/areas")).items
    .filter((area) => area.level === "community")
    .sort((a, b) => b.grids - a.grids || a.id - b.id);
export const gridsOf = async (plan: number) => (await ask<{ items: Grid[] }>(`/api/plans/${plan}/grids`)).items;
export const idOf = async (page: Page) => Number(/plan=(\d+)/.exec(await page.evaluate(() => location.hash))?.[1]);
export const onScreen = (page: Page, at: [number, number]) =>
  page.evaluate(([lon, lat]) => {
    const { x, y } = window.gridMap.project([lon as number, lat as number]);
    const frame = document.querySelector("#map canvas")!.getBoundingClientRect();
    return { x: x + frame.x, y: y + frame.y };
  }, at);

/** A corner between grids of one area that the server lets move. */
export async function movableCorner(plan: number): Promise<{ at: [number, number]; grids: string[] }> {
  const seen = new Map<string, { at: [number, number]; grids: Set<string> }>();
  for (const grid of await gridsOf(plan))
    for (const ring of grid.geometry.coordinates)
      for (const at of ring) {
        const there = seen.get(at.join()) ?? { at, grids: new Set<string>() };
        there.grids.add(grid.key);
        seen.set(at.join(), there);
      }
  for (const { at, grids } of seen.values()) {
    if (grids.size !== 2) continue;
    const tries = [0.00004, -0.00004].map((by) =>
      fetch(`${process.env["DESK"]}/api/plans/${plan}/edits?dryRun=true`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${key()}` },
        body: JSON.stringify({ type: "move-vertex", at, target: [at[0] + by, at[1]] }),
      }).then(async (answer) => answer.ok && !(await answer.text()).includes('"blocking"')),
    );
    if ((await Promise.all(tries)).every(Boolean)) return { at, grids: [...grids] };
  }
  throw new Error("no corner between two grids can be moved");
}

/** A line across a grid that cuts no building by the server's own word, found by trying; tried in the draft, nothing is changed. */
export async function cleanCut(plan: number): Promise<{ grid: Grid; line: [number, number][] }> {
  for (const grid of (await gridsOf(plan)).sort((a, b) => b.households - a.households)) {
    const [west, south, east, north] = grid.bbox;
    for (const upright of [true, false]) {
      for (let share = 0.2; share < 0.81; share += 0.05) {
        const [x, y] = [west + (east - west) * share, south + (north - south) * share];
        const line: [number, number][] = upright
          ? [
              [x, north + 0.0002],
              [x, south - 0.0002],
            ]
          : [
              [west - 0.0002, y],
              [east + 0.0002, y],
            ];
        const answer = await fetch(`${process.env["DESK"]}/api/plans/${plan}/edits?dryRun=true`, {
          method: "POST",
          headers: { "content-type": "application/json", authorization: `Bearer ${key()}` },
          body: JSON.stringify({ type: "split", grids: [grid.key], geometry: { type: "LineString", coordinates: line } }),
        });
        if (!answer.ok) continue;
        const tried = (await answer.json()) as { touched: Grid[]; faults: { severity: string }[] };
        const pieces = tried.touched.filter((each) => each.key === grid.key || each.key.startsWith("#"));
        if (pieces.length === 2 && tried.faults.every((fault) => fault.severity === "warning")) return { grid, line };
      }
    }
  }
  throw new Error("no grid can be cut without a building");
}
