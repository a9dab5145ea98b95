import { describe, expect, it } from "vitest";
import type { CoverageAnswer } from "../api/contract";
import type { WalkCover, WalkCoverage, WalkPeople } from "../api/walking";
import { levelFrom } from "./walkingLink";
import { circleRows, claimedPercent, overClaim, walkRows, worstFirst } from "./coverageRows";

const people = (residents: number): WalkPeople => ({ buildings: 0, households: 0, residents, elderly: 0, children: 0 });
const cover = (all: number, covered: number, circle: number | null, off = 0): WalkCover => ({
  all: people(all),
  covered: people(covered),
  offNetwork: people(off),
  residentsTwice: 0,
  buildingsTwice: 0,
  buildingsOften: 0,
  residentsOften: 0,
  p95Metres: null,
  residentsInCircle: circle,
  buildingsPercent: null,
  residentsPercent: all - off > 0 ? (100 * covered) / (all - off) : null,
  elderlyPercent: null,
  childrenPercent: null,
  meanMetres: null,
});
const grid = (id: number | null, of: WalkCover) => ({ id, code: id === null ? null : `g${id}`, name: "", cover: of });
const walking = {
  byGrid: [
    grid(1, cover(0, 0, 0)),
    grid(2, cover(100, 50, 90)),
    grid(3, cover(900, 450, 500)),
    grid(4, cover(10, 0, 10)),
    grid(null, cover(5, 0, 0)),
  ],
  byStreet: [
    { area: null, cover: cover(5, 0, 0) },
    { area: { id: 7, name: "甲街", nameEn: "A", code: "", level: "street" }, cover: cover(10, 5, 8) },
  ],
  byCommunity: [],
} as unknown as WalkCoverage;

describe("rows of coverage", () => {
  it("puts the least covered first, more people before fewer, places without people last", () => {
    const rows = worstFirst(walkRows(walking, "grid"), "walked");
    expect(rows.map((row) => row.id)).toEqual([4, 3, 2, 1]);
    expect(rows[0]?.name).toBe("g4");
  });
  it("puts the most over-claimed first when the two ways are compared", () => {
    expect(worstFirst(walkRows(walking, "grid"), "overClaimed").map((row) => row.id)).toEqual([4, 2, 3, 1]);
  });
  it("leaves out what lies in no street or grid: it has no place on the map", () => {
    expect(walkRows(walking, "street").map((row) => row.id)).toEqual([7]);
  });
  it("reads circles the same way", () => {
    const row = { id: 3, code: "x", name: "", residents: 90, residentsPercent: 50 };
    const answer = { byGrid: [row, { ...row, id: null }], byStreet: [], byCommunity: [] } as unknown as CoverageAnswer;
    expect(circleRows(answer, "grid")).toEqual([
      { id: 3, kind: "grid", name: "x", nameEn: "", residents: 90, walked: null, claimed: 50, overClaimed: null },
    ]);
  });
});

describe("what the circle claims too much", () => {
  it("is a number of people and a share of the claim", () => {
    expect(overClaim(cover(1000, 200, 500))).toEqual({ residents: 300, percent: 60 });
  });
  it("is nothing where the circle claims nobody", () => {
    expect(overClaim(cover(1000, 0, 0))).toEqual({ residents: 0, percent: null });
    expect(claimedPercent(cover(0, 0, 0))).toBeNull();
  });
  it("leaves those off the network out of the share", () => {
    expect(claimedPercent(cover(110, 0, 50, 10))).toBe(50);
  });
});

describe("the level of the figures", () => {
  it.each([
    ["street", ["street", "community", "grid"], "street"],
    ["street", ["community", "grid"], "community"],
    ["community", ["street", "grid"], "grid"],
    ["grid", ["street", "community", "grid"], "grid"],
  ] as const)("%s of %o is %s", (wished, there, shown) => expect(levelFrom(wished, there)).toBe(shown));
});
