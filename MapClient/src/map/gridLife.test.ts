import { expect, it } from "vitest";
import { spansOf } from "./gridLife";

it("tells a code's boundaries, the latest first, with what each came from and became", () => {
  const span = (id: number, validFrom: string | null, validTo: string | null) => ({
    id,
    name: "",
    validFrom,
    validTo,
    areaSquareMetres: 1,
    households: id,
  });
  const spans = spansOf(
    {
      net: "base",
      code: "A",
      boundaries: [
        span(1, null, "2026-01-01T00:00:00Z"),
        span(2, "2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z"),
        span(3, "2026-06-01T00:00:00Z", null),
      ],
      cameFrom: [{ code: "B", effectiveAt: "2026-01-01T00:00:00.000Z", planId: 1, areaSquareMetres: 1, households: 1 }],
      became: [{ code: "C", effectiveAt: "2026-06-01T00:00:00Z", planId: 2, areaSquareMetres: 1, households: 1 }],
    },
    Date.parse("2026-03-01T00:00:00Z"),
  );
  expect(spans.map(({ key, state }) => `${key} ${state}`)).toEqual(["3 future", "2 now", "1 past"]);
  expect(spans[1]).toMatchObject({ cameFrom: ["B"], became: ["C"] });
  expect(spans[2]).toMatchObject({ cameFrom: [], became: [] });
});
