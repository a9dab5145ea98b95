import { expect, it } from "vitest";
import type { SitingResult } from "../api/walking";
import { gainOf, newSites, sitesAsChanges, sitesAsStands } from "./sites";

const place = { lon: 119, lat: 31 };
const result = {
  objective: "cover",
  today: 100,
  value: 160,
  sites: [
    { kind: "existing", id: 4, name: "甲", place },
    { kind: "new", id: null, name: "", place },
  ],
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
