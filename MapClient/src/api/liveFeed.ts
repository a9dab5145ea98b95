// Server-sent events with resume. EventSource reconnects by itself after a broken line, but gives up after an
// answer that is not a stream (a proxy's 502 while the server restarts), so this keeps its own clock and its own place.
import type { Change } from "./contract";
import { queryString } from "./http";

export type FeedState = "connecting" | "live" | "away";
export type FeedListener = {
  change: (change: Change) => void;
  /** Everything known about this table may be stale: fetch again. `null` means every table. */
  reload: (table: string | null) => void;
  state: (state: FeedState) => void;
};
export type Feed = { close: () => void };

const silenceAllowedMs = 40_000; // the server's heart beats every 15 s
export const waitBefore = (attempt: number): number => Math.min(15_000, 500 * 2 ** Math.min(attempt, 5));

export function feedAddress(tables: string[], lastEventId: string | null): string {
  return `/api/live${queryString({ tables: tables.join(","), lastEventId })}`;
}

export function followChanges(
  tables: string[],
  listener: FeedListener,
  open = (url: string): EventSource => new EventSource(url),
): Feed {
  let source: EventSource | null = null;
  let lastEventId: string | null = null;
  let attempt = 0;
  let closed = false;
  let everLive = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const wait = (milliseconds: number, then: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(then, milliseconds);
  };
  const heard = (event: Event) => {
    const { lastEventId: id } = event as MessageEvent;
    if (id) lastEventId = id;
    attempt = 0;
    wait(silenceAllowedMs, again);
  };
  const again = () => {
    source?.close();
    source = null;
    if (closed) return;
    listener.state("away");
    wait(waitBefore(attempt++), connect);
  };
  const connect = () => {
    if (closed) return;
    listener.state(everLive ? "away" : "connecting");
    source = open(feedAddress(tables, lastEventId));
    source.addEventListener("ready", (event) => {
      const resumed = lastEventId !== null;
      heard(event);
      // Without a place to resume from, what happened while nobody listened is unknown.
      if (everLive && !resumed) listener.reload(null);
      everLive = true;
      listener.state("live");
    });
    source.addEventListener("heartbeat", heard);
    source.addEventListener("change", (event) => {
      heard(event);
      listener.change(JSON.parse((event as MessageEvent<string>).data) as Change);
    });
    source.addEventListener("reload", (event) => {
      heard(event);
      const told = JSON.parse((event as MessageEvent<string>).data || "{}") as { table?: string };
      listener.reload(told.table ?? null);
    });
    source.onerror = again;
    wait(silenceAllowedMs, again);
  };
  connect();
  return {
    close: () => {
      closed = true;
      clearTimeout(timer);
      source?.close();
    },
  };
}
