// What the live feed brings: fresh incidents for the map, and counters that lists and the open plan watch to ask again.
import type { Feature, Point } from "geojson";
import type { Change } from "../api/contract";
import { followChanges, type Feed, type FeedState } from "../api/liveFeed";

export type Fresh = { id: number; at: number; op: Change["op"]; feature: Feature<Point> };
const keptFresh = 200;

export const news = $state<{
  feed: FeedState;
  incidents: number;
  grids: number;
  plans: number;
  everything: number;
  fresh: Fresh[];
}>({
  feed: "connecting",
  incidents: 0,
  grids: 0,
  plans: 0,
  everything: 0,
  fresh: [],
});

/** Keeps the newest state of every incident that moved lately, newest first. */
export function withChange(fresh: Fresh[], change: Change, now: number): Fresh[] {
  const others = fresh.filter((item) => item.id !== change.id);
  if (!change.feature || change.op === "delete") return others;
  const { dueAt } = change.feature.properties;
  const feature: Feature<Point> = {
    type: "Feature",
    geometry: change.feature.geometry,
    // Times as tiles carry them: seconds since 1970.
    properties: { ...change.feature.properties, id: change.id, dueAt: typeof dueAt === "string" ? Date.parse(dueAt) / 1000 : null },
  };
  return [{ id: change.id, at: now, op: change.op, feature }, ...others].slice(0, keptFresh);
}

/** Drafts, and what is said of them. */
const ofPlans = ["plans", "plan_comments", "plan_consultations"];

let feed: Feed | undefined;
export function listen(onChange: (change: Change) => void = () => {}): () => void {
  feed?.close();
  feed = followChanges(["incidents", "grids", ...ofPlans], {
    state: (state) => (news.feed = state),
    reload: (table) => {
      if (table === null || table === "incidents") news.incidents++;
      if (table === null || table === "grids") news.grids++;
      if (table === null || ofPlans.includes(table)) news.plans++;
      if (table === null) news.everything++;
    },
    change: (change) => {
      if (change.table === "incidents") {
        news.fresh = withChange(news.fresh, change, Date.now());
        news.incidents++;
      } else if (change.table === "grids") news.grids++;
      else if (ofPlans.includes(change.table)) news.plans++;
      onChange(change);
    },
  });
  return () => feed?.close();
}
