import { expect, it } from "vitest";
import type { Catchment } from "../api/walking";
import { capacityBreaks, capacityColour, capacityPicture, capacityRows, leastFirst } from "./capacityRows";
import { capacityRamp } from "./symbology";

const grid = (id: number | null, people: number, perThousand: number | null) => ({
  id,
  code: id === null ? null : `G${id}`,
  name: "",
  supply: { people, without: 0, offNetwork: 0, perThousand },
});
const answer = {
  byGrid: [
    grid(1, 100, 0),
    grid(2, 200, 4),
    grid(3, 50, 0),
    grid(4, 10, null),
    grid(null, 5, 9),
    ...[5, 6, 7, 8, 9].map((id) => grid(id, 10, id * 10)),
  ],
  byStreet: [],
  byCommunity: [],
} as unknown as Catchment;

it("leaves out where nobody lives and what lies in no grid, and begins where least is", () => {
  const rows = leastFirst(capacityRows(answer, "grid"));
  expect(rows.map((row) => row.id)).toEqual([1, 3, 2, 5, 6, 7, 8, 9]);
  expect(rows[0]?.name).toBe("G1");
});
it("gives nothing at all a colour of its own, and the most the last of the ramp", () => {
  const rows = capacityRows(answer, "grid");
  const breaks = capacityBreaks(rows);
  expect(breaks).toEqual([...breaks].sort((a, b) => a - b));
  expect(capacityColour(0, breaks, "light")).toBe(capacityRamp.light.none);
  expect(capacityColour(90, breaks, "light")).toBe(capacityRamp.light.some.at(-1));
  expect(capacityColour(4, breaks, "dark")).toBe(capacityRamp.dark.some[0]);
  expect(capacityPicture(answer, "grid", "light").colours).toHaveLength(8);
});
