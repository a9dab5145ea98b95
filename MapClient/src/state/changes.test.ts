import { describe, expect, it } from "vitest";
import {
  beginning,
  redo,
  standsOf,
  step,
  takenBack,
  undo,
  withAdded,
  withClosed,
  withMoved,
  withResized,
  without,
  folded,
  type Facility,
} from "./changes";

const at = (lon: number) => ({ lon, lat: 31 });
const facilities: Facility[] = [1, 2].map((id) => ({
  id,
  name: `站${id}`,
  nameEn: "",
  tier: "",
  capacity: id * 10,
  place: at(119 + id / 100),
}));

describe("a scenario's changes", () => {
  it("hold one change for a facility, however often it is moved", () => {
    let changes = withMoved([], "id:1", at(119.5));
    changes = withMoved(changes, "id:1", at(119.600000049));
    expect(changes).toEqual([{ op: "move", id: 1, lon: 119.6, lat: 31 }]);
    changes = withClosed(changes, 1);
    expect(changes).toEqual([{ op: "close", id: 1 }]);
    expect(withMoved(changes, "id:1", at(119.7))).toEqual([{ op: "move", id: 1, lon: 119.7, lat: 31 }]);
  });
  it("move and forget a new facility by its place in the list", () => {
    let changes = withAdded(withClosed([], 2), at(119.1));
    changes = withMoved(changes, "new:1", at(119.2));
    expect(changes[1]).toEqual({ op: "add", lon: 119.2, lat: 31 });
    expect(without(changes, "new:1")).toEqual([{ op: "close", id: 2 }]);
    expect(without(changes, "id:2")).toEqual([{ op: "add", lon: 119.2, lat: 31 }]);
    expect(withMoved(changes, "new:9", at(1))).toEqual(changes);
  });
  it("say how much a facility offers, beside where it stands", () => {
    const resized = withResized([], "id:1", 50, 10);
    expect(resized).toEqual([{ op: "resize", id: 1, capacity: 50 }]);
    expect(withResized(resized, "id:1", 10, 10)).toEqual([]);
    const moved = withMoved(resized, "id:1", at(119.5));
    expect(moved).toEqual([{ op: "move", id: 1, lon: 119.5, lat: 31, capacity: 50 }]);
    expect(withResized(moved, "id:1", 10, 10)).toEqual([{ op: "move", id: 1, lon: 119.5, lat: 31 }]);
    expect(withResized(withClosed([], 1), "id:1", 5, 10)).toEqual([{ op: "resize", id: 1, capacity: 5 }]);
    const added = withResized(withAdded([], at(119.1)), "new:0", 30, null);
    expect(withMoved(added, "new:0", at(119.2))).toEqual([{ op: "add", lon: 119.2, lat: 31, capacity: 30 }]);
    expect(standsOf(facilities, resized)[0]).toMatchObject({ kind: "resized", capacity: 50, capacityToday: 10, place: at(119.01) });
    expect(standsOf(facilities, moved)[0]).toMatchObject({ kind: "moved", capacity: 50 });
  });
  it("are one for a facility, also when others kept several", () => {
    const kept = [
      { op: "resize" as const, id: 1, capacity: 5 },
      { op: "move" as const, id: 1, lon: 119.5, lat: 31 },
      { op: "add" as const, lon: 119, lat: 31 },
      { op: "move" as const, id: 2, lon: 119.6, lat: 31 },
      { op: "close" as const, id: 2 },
    ];
    expect(folded(kept).map(({ op, id, capacity }) => [op, id, capacity])).toEqual([
      ["move", 1, 5],
      ["add", undefined, undefined],
      ["close", 2, undefined],
    ]);
  });
  it("show every facility as it would stand", () => {
    const changes = withMoved(withAdded(withClosed([], 2), at(119.1)), "id:1", at(119.9));
    expect(standsOf(facilities, changes).map(({ key, kind }) => `${key} ${kind}`)).toEqual([
      "id:1 moved",
      "id:2 closed",
      "new:1 new",
    ]);
    expect(standsOf(facilities, changes)[0]?.from).toEqual(at(119.01));
  });
});

describe("undo and redo", () => {
  it("go back and forth step by step, and a new step forgets what was undone", () => {
    const one = step(beginning(), withAdded([], at(1)));
    const two = step(one, withAdded(one.present, at(2)));
    expect(undo(two).present).toEqual(one.present);
    expect(undo(undo(two)).present).toEqual([]);
    expect(undo(undo(undo(two))).present).toEqual([]);
    expect(redo(undo(two))).toEqual(two);
    expect(redo(two)).toEqual(two);
    expect(step(undo(two), []).future).toEqual([]);
  });
});
it("takes a step back for good", () => {
  const put = step(step(beginning(), withAdded([], at(119.1))), withAdded(withAdded([], at(119.1)), at(119.2)));
  const back = takenBack(put);
  expect(back.present).toEqual([{ op: "add", lon: 119.1, lat: 31 }]);
  expect(redo(back)).toEqual(back);
  expect(takenBack(takenBack(back))).toEqual(beginning());
});
