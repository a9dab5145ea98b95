import { describe, expect, it } from "vitest";
import type { PlanGrid } from "../api/planContract";
import { gridAround, gridsAt, metresBetween, movableCorners, pairOf, snap, snapToStreet, type Street } from "./planSnap";

type Outlined = Pick<PlanGrid, "key" | "bbox" | "geometry" | "area">;
const area = (id: number) => ({ id, code: String(id), name: "", nameEn: "", level: "community" as const });
const box = (key: string, west: number, south: number, east: number, north: number, areaId = 1): Outlined => ({
  key,
  area: area(areaId),
  bbox: [west, south, east, north],
  geometry: {
    type: "Polygon",
    coordinates: [
      [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ],
    ],
  },
});
// Three squares of about 95 × 111 m in a row; the last belongs to another community.
const grids = [
  box("a", 120, 31, 120.001, 31.001),
  box("b", 120.001, 31, 120.002, 31.001),
  box("c", 120.002, 31, 120.003, 31.001, 2),
];

describe("snapping", () => {
  it("takes a vertex before a border, and the border's nearest place else", () => {
    expect(snap([120.00101, 31.00001], 5, grids)).toEqual({ at: [120.001, 31], kind: "vertex", grids: ["a", "b"] });
    const border = snap([120.00102, 31.0005], 5, grids);
    expect(border?.kind).toBe("border");
    expect(border?.at[0]).toBeCloseTo(120.001, 9);
    expect(border?.grids).toEqual(["a", "b"]);
    expect(snap([120.0005, 31.0005], 5, grids)).toBeNull();
  });
  it("measures metres", () => expect(metresBetween([120, 31], [120.001, 31])).toBeCloseTo(95.3, 0));
});
describe("snapping to streets", () => {
  const street = (name: string, ...line: [number, number][]): Street => ({
    name,
    nameEn: "",
    bbox: [
      Math.min(...line.map(([lon]) => lon)),
      Math.min(...line.map(([, lat]) => lat)),
      Math.max(...line.map(([lon]) => lon)),
      Math.max(...line.map(([, lat]) => lat)),
    ],
    line,
  });
  // One leads through the first two squares and bends in the second; the other leans.
  const streets = [
    street("high", [119.999, 31.0004], [120.0015, 31.0004], [120.0015, 31.002]),
    street("leaning", [120.0022, 31.0002], [120.0028, 31.0008]),
  ];
  it("takes the plan first: a vertex, then a border, then a street", () => {
    expect(snap([120.001, 31.00043], 20, grids, streets)?.kind).toBe("border");
    expect(snap([120.00101, 31.00005], 60, grids, streets)?.kind).toBe("vertex");
    expect(snap([120.0005, 31.00043], 5, grids, streets)).toMatchObject({ at: [120.0005, 31.0004], kind: "street", grids: [] });
    expect(snap([120.0005, 31.00043], 5, grids)).toBeNull();
    expect(snap([120.0005, 31.0005], 5, grids, streets)).toBeNull();
  });
  it("takes a bend within half the reach, and the nearest place else", () => {
    expect(snapToStreet([120.00148, 31.00042], 12, streets)?.at).toEqual([120.0015, 31.0004]);
    // 9.5 m from the bend, 2 m from the street.
    const along = snapToStreet([120.0014, 31.00042], 12, streets)?.at;
    expect(along?.[0]).toBeCloseTo(120.0014, 9);
    expect(along?.[1]).toBeCloseTo(31.0004, 9);
  });
  it("lies on the street to a hundredth of a millimetre, and says which it is", () => {
    const on = snapToStreet([120.00252, 31.00049], 12, streets);
    expect(on?.street.name).toBe("leaning");
    const [lon = 0, lat = 0] = on?.at ?? [];
    expect(lat - 31.0002 - (lon - 120.0022)).toBeCloseTo(0, 10);
  });
  it("knows of no street beyond the reach", () => expect(snapToStreet([120.0005, 31.0008], 12, streets)).toBeNull());
});
describe("grids at a place", () => {
  it("are those whose border passes there, or the one around it", () => {
    expect(gridsAt([120.002, 31.0005], grids)).toEqual(["b", "c"]);
    expect(gridAround([120.0015, 31.0005], grids)).toBe("b");
    expect(gridAround([119, 31], grids)).toBeNull();
  });
});
describe("corners that may be moved", () => {
  it("lie on no outer border and on none between communities", () => {
    expect(movableCorners(grids)).toEqual([]);
    const split = box("a", 120, 31, 120.001, 31.001);
    split.geometry = {
      type: "Polygon",
      coordinates: [
        [
          [120, 31],
          [120.001, 31],
          [120.001, 31.0005],
          [120.001, 31.001],
          [120, 31.001],
          [120, 31],
        ],
      ],
    };
    const other = box("b", 120.001, 31, 120.002, 31.001);
    other.geometry = {
      type: "Polygon",
      coordinates: [
        [
          [120.001, 31],
          [120.002, 31],
          [120.002, 31.001],
          [120.001, 31.001],
          [120.001, 31.0005],
          [120.001, 31],
        ],
      ],
    };
    expect(movableCorners([split, other])).toEqual([
      {
        at: [120.001, 31.0005],
        grids: ["a", "b"],
        ends: [
          [120.001, 31],
          [120.001, 31.001],
        ],
      },
    ]);
  });
});
describe("the border a line moves", () => {
  it("is the one it begins and ends on", () => {
    expect(
      pairOf(
        [
          [120.001, 31.0002],
          [120.0013, 31.0005],
          [120.001, 31.0008],
        ],
        grids,
      ),
    ).toEqual(["a", "b"]);
    expect(
      pairOf(
        [
          [120.001, 31.0002],
          [120.002, 31.0008],
        ],
        grids,
      ),
    ).toBeNull();
    expect(pairOf([], grids)).toBeNull();
  });
});
