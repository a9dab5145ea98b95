import { describe, expect, it } from "vitest";
import { beginning, redo, standsOf, step, undo, withAdded, withClosed, withMoved, without, type Facility } from "./changes";

const at = (lon: number) => ({ lon, lat: 31 });
const facilities: Facility[] = [1, 2].map((id) => ({ id, name: `站${id}`, nameEn: "", tier: "", place: at(119 + id / 100) }));

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
