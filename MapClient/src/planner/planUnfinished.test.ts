import { expect, it } from "vitest";
import { keepUnfinished, nothingWritten, unfinished } from "./planUnfinished";

function shelf(content: Record<string, string> = {}) {
  const held = new Map(Object.entries(content));
  return {
    held,
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => void held.set(key, value),
    removeItem: (key: string) => void held.delete(key),
  };
}
const nothing = { ...nothingWritten(), tool: "select" as const, points: [] };

it("gives back what was kept, for each plan its own", () => {
  const place = shelf();
  const begun = {
    ...nothingWritten(),
    comment: "写了一半",
    objecting: 7,
    objection: "不",
    tool: "split" as const,
    points: [
      [119.9, 31.7],
      [119.91, 31.71],
    ],
  };
  keepUnfinished(3, begun, place);
  expect(unfinished(3, place)).toEqual(begun);
  expect(unfinished(4, place)).toEqual(nothing);
});

it("keeps nothing of what was sent or put away", () => {
  const place = shelf();
  keepUnfinished(3, { ...nothing, reason: "试" }, place);
  keepUnfinished(3, { ...nothing, tool: "draw" }, place);
  expect(place.held.size).toBe(0);
});

it.each([
  "",
  "null",
  "[",
  "7",
  '{"points":[[1]],"tool":"split"}',
  '{"points":[[1,2]],"tool":"saw"}',
  '{"reason":5,"objecting":"x"}',
])("takes what it cannot read for nothing: %s", (text) =>
  expect(unfinished(3, shelf({ "gridmap.plan.3": text }))).toEqual(nothing),
);

it("does without a place to keep it", () => {
  const full = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  expect(() => keepUnfinished(3, { ...nothing, reason: "试" }, { ...shelf(), setItem: full })).not.toThrow();
});
