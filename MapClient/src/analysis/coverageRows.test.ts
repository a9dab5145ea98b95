import { expect, it } from "vitest";
import type { CoverageAnswer } from "../api/contract";
import { coverageRows } from "./coverageRows";

const row = (id: number, residentsPercent: number | null, residents: number) => ({
  id,
  code: `g${id}`,
  name: "",
  buildings: 0,
  buildingsCovered: 0,
  households: 0,
  householdsCovered: 0,
  residents,
  residentsCovered: 0,
  residentsPercent,
});

it("puts the least covered first, more people before fewer, places without people last", () => {
  const answer = {
    byGrid: [row(1, null, 0), row(2, 50, 10), row(3, 50, 90), row(4, 0, 5)],
    byStreet: [],
    byCommunity: [],
  } as unknown as CoverageAnswer;
  const rows = coverageRows(answer, "grid");
  expect(rows.map((each) => each.id)).toEqual([4, 3, 2, 1]);
  expect(rows[0]?.name).toBe("g4");
});
