import { describe, expect, it } from "vitest";
import type { PlanFault, PlanGrid, PlanMove } from "../api/planContract";
import { startOfDay } from "./planDates";
import {
  csv,
  deviation,
  faultsAfter,
  handed,
  improvedBy,
  moveRows,
  nameParts,
  smallestNeighbour,
  sorted,
  totalsOf,
  unattended,
  withEdit,
  worstFirst,
} from "./planFigures";

const band = { least: 300, most: 500 };
const grid = (key: string, households: number, changed = false): PlanGrid => ({
  key,
  code: key,
  name: key,
  area: { id: 1, code: "1", name: "", nameEn: "", level: "community" },
  changed,
  households,
  residents: households * 2,
  buildings: 1,
  incidents12Months: 3,
  areaSquareMetres: 10_000,
  perimeterMetres: 400,
  compactness: 0.7,
  minutesAcross: 3,
  minutesToServiceCentre: null,
  shareOfTarget: households / 400,
  mesh: households > 500 ? "too-large" : households < 300 ? "too-small" : "in-band",
  bbox: [0, 0, 1, 1],
  geometry: null,
});
const fault = (code: string, severity: PlanFault["severity"], ...grids: string[]): PlanFault => ({
  code,
  severity,
  message: "",
  grids,
  place: null,
  areaSquareMetres: null,
  thing: null,
  value: null,
  limit: null,
  repairable: false,
  indicator: null,
});

describe("grids against the band", () => {
  it("deviate by shares of its middle, and not at all inside", () => {
    expect([100, 300, 400, 500, 900].map((households) => deviation(households, band))).toEqual([-0.5, 0, 0, 0, 1]);
  });
  it("are listed farthest first, equals by key", () => {
    const grids = [grid("010", 400), grid("002", 450), grid("003", 900), grid("001", 100)];
    expect(sorted(grids, "deviation", band).map(({ key }) => key)).toEqual(["003", "001", "002", "010"]);
    expect(sorted(grids, "households", band).map(({ key }) => key)).toEqual(["003", "002", "010", "001"]);
    expect(sorted(grids, "name", band).map(({ key }) => key)).toEqual(["001", "002", "003", "010"]);
  });
  it("add up", () => {
    expect(totalsOf([grid("a", 200), grid("b", 400, true), grid("c", 600)])).toMatchObject({
      grids: 3,
      households: 1200,
      residents: 2400,
      inBand: 1,
      tooLarge: 1,
      tooSmall: 1,
      changed: 1,
    });
    expect(totalsOf([grid("a", 300), grid("b", 500)]).unevenPercent).toBeCloseTo(25, 9);
    expect(totalsOf([]).unevenPercent).toBeNull();
  });
});
describe("an edit's answer", () => {
  it("is shown whole when it is short, else with the worst first", () => {
    const grids = [grid("a", 400), grid("b", 100), grid("c", 900), grid("d", 510)];
    const keys = (few: number) => {
      const { shown, rest } = worstFirst(grids, band, few);
      return [shown, rest].map((each) => each.map(({ key }) => key).join(""));
    };
    expect(keys(4)).toEqual(["abcd", ""]);
    expect(keys(2)).toEqual(["cb", "da"]);
  });
  it("replaces, adds and takes away", () => {
    const now = withEdit([grid("a", 1), grid("b", 2), grid("c", 3)], { touched: [grid("b", 5), grid("#3", 6)], gone: ["c"] });
    expect(now.map(({ key, households }) => `${key} ${households}`)).toEqual(["a 1", "b 5", "#3 6"]);
  });
  it("says anew what is wrong with the grids it touched", () => {
    const faults = faultsAfter([fault("x", "warning", "a"), fault("y", "warning", "b"), fault("z", "blocking", "c", "d")], {
      touched: [grid("b", 1)],
      gone: ["d"],
      faults: [fault("new", "blocking", "b")],
    });
    expect(faults.map(({ code }) => code)).toEqual(["new", "x"]);
  });
});
describe("a table for spreadsheets", () => {
  it("keeps long codes whole, quotes what needs it, and runs nothing", () => {
    expect(csv([["990102001001005", 'a "b", c', "=1+1", 5]])).toBe('\uFEFF"=""990102001001005""","a ""b"", c",\'=1+1,5\r\n');
  });
});
describe("the first moment of a day", () => {
  it("is midnight by the city's clock", () => {
    expect(startOfDay("2026-03-01", "Asia/Shanghai")).toBe("2026-02-28T16:00:00.000Z");
    expect(startOfDay("2026-03-29", "Europe/Berlin")).toBe("2026-03-28T23:00:00.000Z");
    expect(startOfDay("2026-03-30", "Europe/Berlin")).toBe("2026-03-29T22:00:00.000Z");
  });
});

it("says what an edit makes better of the grids it touches, the others left alone", () => {
  const band = { least: 300, most: 500 };
  const of = (key: string, households: number, compactness: number) =>
    ({
      key,
      households,
      compactness,
      mesh: households > 500 ? "too-large" : households < 300 ? "too-small" : "in-band",
    }) as PlanGrid;
  const before = [of("1", 620, 0.5), of("2", 250, 0.5), of("3", 900, 0.1)];
  const told = improvedBy(before, { touched: [of("1", 550, 0.6), of("2", 320, 0.7)], gone: [] }, band);
  expect(told).toMatchObject({ inBand: 1, nearer: 120, evener: 140 });
  expect(told.compact).toBeCloseTo(0.15);
});
it("finds the smallest grid beside another, in its area, by the corners they share", () => {
  const square = (key: string, households: number, west: number, area = 1): PlanGrid => ({
    ...grid(key, households),
    area: { id: area, code: "1", name: "", nameEn: "", level: "community" },
    bbox: [west, 0, west + 1, 1],
    geometry: {
      type: "Polygon",
      coordinates: [
        [
          [west, 0],
          [west + 1, 0],
          [west + 1, 1],
          [west, 1],
          [west, 0],
        ],
      ],
    },
  });
  const own = square("own", 50, 1);
  const all = [square("west", 400, 0), own, square("east", 300, 2), square("far", 10, 4), square("foreign", 5, 2, 2)];
  expect(smallestNeighbour(own, all)?.key).toBe("east");
  expect(smallestNeighbour(own, [own])).toBeUndefined();
});
it("parts a grid's name into its area's and its own", () => {
  const area = { id: 1, code: "1", name: "枫园社区", nameEn: "Fengyuan Community", level: "community" as const };
  expect(nameParts({ name: "枫园社区第一网格", area })).toEqual(["枫园社区", "第一网格"]);
  expect(nameParts({ name: "Fengyuan Community Grid 1", area })).toEqual(["Fengyuan Community", "Grid 1"]);
  expect(nameParts({ name: "枫园社区", area })).toEqual(["", "枫园社区"]);
});
describe("who answers for land", () => {
  const li = { role: "grid-head", person: "李", phone: null };
  const wang = { role: "grid-worker", person: "王", phone: null };
  const move = (to: string, dutyBefore: PlanMove["dutyBefore"], dutyAfter: PlanMove["dutyAfter"]): PlanMove => ({
    from: "1",
    to,
    areaSquareMetres: 10,
    households: 1,
    residents: 2,
    openIncidents: 0,
    geometry: null,
    dutyBefore,
    dutyAfter,
  });
  const moves = [
    move("1", [li, wang], [wang, li]),
    move("2", [li], [wang]),
    move("3", [li], []),
    move("3", [], []),
    move("4", [], [li]),
  ];
  it("is told where it is somebody else, or nobody", () => {
    expect(handed(moves).map(({ to }) => to)).toEqual(["2", "3", "3", "4"]);
    expect(unattended(moves)).toEqual(["3"]);
  });
  it("stands in the table", () => {
    expect(moveRows(moves.slice(1, 3), (people) => people.map(({ person }) => person).join() || "-")).toEqual([
      ["1", "2", 10, 1, 2, 0, "李", "王"],
      ["1", "3", 10, 1, 2, 0, "李", "-"],
    ]);
  });
});
