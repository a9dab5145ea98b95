import { expect, it } from "vitest";
import { dayInZone } from "../text/format";
import { isDay, periodQuery } from "./period";

const lateEvening = Date.parse("2026-03-01T17:30:00Z"); // already 2 March in Shanghai

it("counts days in the city's zone", () => {
  expect(dayInZone(lateEvening, "Asia/Shanghai")).toBe("2026-03-02");
  expect(dayInZone(lateEvening, "America/New_York")).toBe("2026-03-01");
  expect(periodQuery("today", "Asia/Shanghai", lateEvening)).toEqual({ from: "2026-03-02" });
});
it("takes today as one of the seven days", () => {
  expect(periodQuery("7d", "Asia/Shanghai", lateEvening)).toEqual({ from: "2026-02-24" });
  expect(periodQuery("12m", "Asia/Shanghai", lateEvening)).toEqual({ from: "2025-03-03" });
});
it("ends a custom period after its last day, also over the end of a month", () => {
  expect(periodQuery({ since: "2026-02-01", until: "2026-02-28" }, "Asia/Shanghai", lateEvening)).toEqual({
    from: "2026-02-01",
    to: "2026-03-01",
  });
});
it("knows a day when it sees one", () => {
  expect(isDay("2026-03-01")).toBe(true);
  expect(isDay("2026-13-01")).toBe(false);
  expect(isDay("yesterday")).toBe(false);
});
