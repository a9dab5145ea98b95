import { describe, expect, it } from "vitest";
import type { Change } from "../api/contract";
import { withChange, type Fresh } from "./news.svelte";

const change = (id: number, op: Change["op"], title = ""): Change => ({
  table: "incidents",
  op,
  id,
  at: "2026-03-01T00:00:00Z",
  actor: "test",
  feature:
    op === "delete"
      ? null
      : {
          type: "Feature",
          geometry: { type: "Point", coordinates: [119.9, 31.7] },
          properties: { title, dueAt: "2026-03-01T04:00:00Z" },
        },
});
const ids = (fresh: Fresh[]) => fresh.map((item) => item.id);

describe("what the feed has told", () => {
  it("is kept newest first, one state an incident", () => {
    let fresh = withChange([], change(1, "insert", "old"), 10);
    fresh = withChange(fresh, change(2, "insert"), 20);
    fresh = withChange(fresh, change(1, "update", "new"), 30);
    expect(ids(fresh)).toEqual([1, 2]);
    expect(fresh[0]?.feature.properties?.["title"]).toBe("new");
  });
  it("forgets what was deleted", () => {
    expect(withChange(withChange([], change(1, "insert"), 1), change(1, "delete"), 2)).toEqual([]);
  });
  it("carries times as the tiles do", () => {
    expect(withChange([], change(1, "insert"), 1)[0]?.feature.properties?.["dueAt"]).toBe(
      Date.parse("2026-03-01T04:00:00Z") / 1000,
    );
  });
  it("never grows without bound", () => {
    let fresh: Fresh[] = [];
    for (let id = 1; id <= 500; id++) fresh = withChange(fresh, change(id, "insert"), id);
    expect(fresh.length).toBe(200);
    expect(fresh[0]?.id).toBe(500);
  });
});
