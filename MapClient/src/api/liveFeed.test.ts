import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Change } from "./contract";
import { feedAddress, followChanges, waitBefore, type Feed, type FeedState } from "./liveFeed";

/** An event source that does what the test says. */
class Line {
  static opened: Line[] = [];
  onerror: (() => void) | null = null;
  closed = false;
  readonly listeners = new Map<string, (event: unknown) => void>();
  constructor(readonly url: string) {
    Line.opened.push(this);
  }
  addEventListener(name: string, listener: (event: unknown) => void) {
    this.listeners.set(name, listener);
  }
  close() {
    this.closed = true;
  }
  say(name: string, data: unknown, lastEventId = "") {
    this.listeners.get(name)?.({ data: JSON.stringify(data), lastEventId });
  }
}
const last = () => Line.opened.at(-1) as Line;

let feed: Feed;
let states: FeedState[];
let changes: Change[];
let reloads: (string | null)[];
beforeEach(() => {
  vi.useFakeTimers();
  Line.opened = [];
  [states, changes, reloads] = [[], [], []];
  feed = followChanges(
    ["incidents", "grids"],
    { state: (state) => states.push(state), change: (change) => changes.push(change), reload: (table) => reloads.push(table) },
    (url) => new Line(url) as unknown as EventSource,
  );
});
afterEach(() => {
  feed.close();
  vi.useRealTimers();
});

describe("the live feed", () => {
  it("is live once the server says so", () => {
    expect(states).toEqual(["connecting"]);
    last().say("ready", {}, "5:5:");
    expect(states.at(-1)).toBe("live");
    expect(last().url).toBe("/api/live?tables=incidents%2Cgrids");
  });
  it("resumes from the last event it heard", () => {
    last().say("ready", {}, "5:5:");
    last().say("change", { table: "incidents", op: "insert", id: 7 }, "6:6:");
    expect(changes).toHaveLength(1);
    last().onerror?.();
    expect(states.at(-1)).toBe("away");
    expect(Line.opened).toHaveLength(1);
    vi.advanceTimersByTime(500);
    expect(Line.opened).toHaveLength(2);
    expect(last().url).toBe(feedAddress(["incidents", "grids"], "6:6:"));
    last().say("ready", {}, "9:9:");
    expect(states.at(-1)).toBe("live");
    expect(reloads).toEqual([]); // nothing was missed, so nothing is asked again
  });
  it("asks for everything after a gap that it cannot resume", () => {
    last().say("ready", {});
    last().onerror?.();
    vi.advanceTimersByTime(500);
    last().say("ready", {});
    expect(reloads).toEqual([null]);
  });
  it("passes on that a table was replaced", () => {
    last().say("ready", {}, "1:1:");
    last().say("reload", { table: "incidents" });
    last().say("reload", { table: null });
    expect(reloads).toEqual(["incidents", null]);
  });
  it("does not trust a silent line", () => {
    last().say("ready", {}, "1:1:");
    vi.advanceTimersByTime(39_000);
    last().say("heartbeat", {});
    vi.advanceTimersByTime(39_000);
    expect(states.at(-1)).toBe("live");
    vi.advanceTimersByTime(2_000);
    expect(states.at(-1)).toBe("away");
    expect(Line.opened[0]?.closed).toBe(true);
  });
  it("waits longer and longer, but never gives up", () => {
    expect([0, 1, 2, 3, 4, 5, 50].map(waitBefore)).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
    for (let i = 0; i < 12; i++) {
      last().onerror?.();
      vi.advanceTimersByTime(15_000);
    }
    expect(Line.opened.length).toBeGreaterThan(12);
  });
  it("is silent once closed", () => {
    feed.close();
    last().onerror?.();
    vi.advanceTimersByTime(60_000);
    expect(Line.opened).toHaveLength(1);
  });
});
