import { expect, it } from "vitest";
import type { SitingResult } from "../api/walking";
import { gainOf, newSites, otherChoice, sitesAsChanges, sitesAsStands } from "./sites";

const place = { lon: 119, lat: 31 };
const result = {
  objective: "cover",
  today: 100,
  value: 160,
  sites: [
    { kind: "existing", id: 4, name: "甲", place, capacity: null },
    { kind: "new", id: null, name: "", place, capacity: null },
  ],
  alternatives: [{ value: 150, newSites: [{ lon: 119.1, lat: 31 }, place], existing: [] }],
} as unknown as SitingResult;

it("closes what was given up and opens what is new", () => {
  expect(sitesAsChanges(result, [4, 5])).toEqual([
    { op: "close", id: 5 },
    { op: "add", lon: 119, lat: 31 },
  ]);
  expect(newSites(result)).toHaveLength(1);
  expect(sitesAsStands(result).map((stand) => stand.kind)).toEqual(["kept", "new"]);
});
it("knows what is better: more people, or fewer metres", () => {
  expect(gainOf(result)).toBe(60);
  expect(gainOf({ ...result, objective: "median", today: 400, value: 350 })).toBe(50);
  expect(gainOf({ ...result, today: null })).toBeNull();
});
it("shows another choice in the place of the best", () => {
  const other = otherChoice(result, 0);
  expect(other.value).toBe(150);
  expect(other.sites.map((site) => [site.kind, site.place.lon])).toEqual([
    ["new", 119.1],
    ["new", 119],
  ]);
  expect(otherChoice(result, null)).toBe(result);
  expect(sitesAsChanges(other, [4])[0]).toEqual({ op: "close", id: 4 });
});
