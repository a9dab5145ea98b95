import { expect, test } from "vitest";
import type { PlanGrid } from "../api/planContract";
import { planColoursOf } from "./planColours";

const grid = (key: string, households: number, hectares = 1, minutes: number | null = 3) =>
  ({ key, households, areaSquareMetres: hectares * 10_000, minutesToServiceCentre: minutes }) as PlanGrid;

test("classes run from little to much and a figure that is not there has a colour of its own", () => {
  const grids = [100, 200, 300, 400, 500, 600].map((households, i) => grid(`g${i}`, households, 1, i === 0 ? null : i));
  const { byKey, breaks, colours } = planColoursOf(grids, [], "households", "light");
  expect(breaks).toEqual([200, 300, 400, 500, 600]);
  expect(grids.map(({ key }) => byKey?.[key])).toEqual(colours);
  const centre = planColoursOf(grids, [], "centre", "light");
  expect(centre.byKey?.["g0"]).toBe(centre.without);
  expect(centre.colours).not.toContain(centre.without);
  expect(planColoursOf(grids, [], "households", "light").without).toBeNull();
  expect(planColoursOf(grids, [], "mesh", "light").byKey).toBeNull();
});

test("density counts land, and a grid without land has none", () => {
  const { byKey, breaks, without } = planColoursOf([grid("a", 100, 1), grid("b", 100, 4), grid("c", 9, 0)], [], "density", "dark");
  expect(breaks).toEqual([100]);
  expect(byKey?.["a"]).not.toBe(byKey?.["b"]);
  expect(byKey?.["c"]).toBe(without);
});
