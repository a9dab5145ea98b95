import { expect, test } from "vitest";
import type { PlanGrid } from "../api/planContract";
import { planColoursOf } from "./planColours";

const grid = (key: string, households: number, hectares = 1, minutes: number | null = 3) =>
  ({ key, households, areaSquareMetres: hectares * 10_000, minutesToServiceCentre: minutes }) as PlanGrid;

test("classes run from little to much and a figure that is not there has no colour", () => {
  const grids = [100, 200, 300, 400, 500, 600].map((households, i) => grid(`g${i}`, households, 1, i === 0 ? null : i));
  const { byKey, breaks, colours } = planColoursOf(grids, [], "households", "light");
  expect(breaks).toEqual([200, 300, 400, 500, 600]);
  expect(grids.map(({ key }) => byKey?.[key])).toEqual(colours);
  expect(planColoursOf(grids, [], "centre", "light").byKey?.["g0"]).toBeUndefined();
  expect(planColoursOf(grids, [], "mesh", "light").byKey).toBeNull();
});

test("density counts land, and a grid without land has none", () => {
  const { byKey, breaks } = planColoursOf([grid("a", 100, 1), grid("b", 100, 4), grid("c", 9, 0)], [], "density", "dark");
  expect(breaks).toEqual([100]);
  expect(byKey?.["a"]).not.toBe(byKey?.["b"]);
  expect(byKey?.["c"]).toBeUndefined();
});
