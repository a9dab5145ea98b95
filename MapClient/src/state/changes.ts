// What a scenario changes about today's facilities, with every step kept for undo. Pure.
import type { Place } from "../api/contract";
import type { FacilityChange } from "../api/walking";

export type Facility = { id: number; name: string; nameEn: string; tier: string; capacity: number | null; place: Place };
/** A facility as it stands in the scenario. A new one is known by its place among the changes. */
export type Stand = {
  key: string;
  kind: "kept" | "moved" | "closed" | "resized" | "new";
  name: string;
  nameEn: string;
  place: Place;
  /** Where it stands today, when it moves. */
  from: Place | null;
  /** How much it offers in the scenario, and today; null where nobody knows. */
  capacity: number | null;
  capacityToday: number | null;
};

export type History = { past: FacilityChange[][]; present: FacilityChange[]; future: FacilityChange[][] };
export const beginning = (changes: FacilityChange[] = []): History => ({ past: [], present: changes, future: [] });
export const mostChanges = 200;
const mostSteps = 200;

export function step(history: History, changes: FacilityChange[]): History {
  return { past: [...history.past, history.present].slice(-mostSteps), present: changes, future: [] };
}
export function undo({ past, present, future }: History): History {
  const before = past.at(-1);
  return before ? { past: past.slice(0, -1), present: before, future: [present, ...future] } : { past, present, future };
}
export function redo({ past, present, future }: History): History {
  const [after, ...rest] = future;
  return after ? { past: [...past, present], present: after, future: rest } : { past, present, future };
}
/** As before the last step, which cannot be made again. */
export function takenBack({ past, present, future }: History): History {
  const before = past.at(-1);
  return before ? { past: past.slice(0, -1), present: before, future: [] } : { past, present, future };
}

const rounded = ({ lon, lat }: Place) => ({ lon: Number(lon.toFixed(7)), lat: Number(lat.toFixed(7)) });
export const standKey = (change: FacilityChange, index: number) => (change.op === "add" ? `new:${index}` : `id:${change.id}`);

export const withAdded = (changes: FacilityChange[], place: Place): FacilityChange[] => [
  ...changes,
  { op: "add", ...rounded(place) },
];

/** Of several changes of one facility, as others may have kept them, the one that they come to. */
export function folded(changes: FacilityChange[]): FacilityChange[] {
  const merged: FacilityChange[] = [];
  for (const change of changes) {
    const at = change.op === "add" ? -1 : merged.findIndex((each) => each.op !== "add" && each.id === change.id);
    const before = merged[at];
    if (!before) merged.push(change);
    else if (change.op === "resize") merged[at] = { ...before, capacity: change.capacity ?? null };
    else merged[at] = change.op === "move" ? { ...change, capacity: change.capacity ?? before.capacity ?? null } : change;
  }
  return merged;
}

const offering = (capacity: number | null | undefined) => (capacity === null || capacity === undefined ? {} : { capacity });

/** Today's facility or a new one, somewhere else; a facility has one change at most. */
export function withMoved(changes: FacilityChange[], key: string, place: Place): FacilityChange[] {
  const at = changes.findIndex((change, index) => standKey(change, index) === key);
  const id = Number(key.slice(3));
  if (at < 0) return key.startsWith("id:") ? [...changes, { op: "move", id, ...rounded(place) }] : changes;
  return changes.map((change, index) =>
    index !== at
      ? change
      : change.op === "add"
        ? { op: "add", ...rounded(place), ...offering(change.capacity) }
        : { op: "move", id, ...rounded(place), ...offering(change.capacity) },
  );
}
/** Offers more or less than today; as much as today is no change. One that closes opens again. */
export function withResized(changes: FacilityChange[], key: string, capacity: number, today: number | null): FacilityChange[] {
  const at = changes.findIndex((change, index) => standKey(change, index) === key);
  const known = changes[at];
  const id = Number(key.slice(3));
  if (known && known.op !== "close" && known.op !== "resize")
    return changes.map((change, index) => {
      const { op, lon, lat } = change;
      if (index !== at) return change;
      return {
        op,
        ...(op === "add" ? {} : { id }),
        lon: lon ?? 0,
        lat: lat ?? 0,
        ...offering(op === "move" && capacity === today ? null : capacity),
      };
    });
  if (!key.startsWith("id:")) return changes;
  const others = changes.filter((change) => change.id !== id);
  return capacity === today ? others : [...others, { op: "resize", id, capacity }];
}
export function withClosed(changes: FacilityChange[], id: number): FacilityChange[] {
  return [...changes.filter((change) => change.id !== id), { op: "close", id }];
}
/** As it is today; a new one is not there any more. */
export const without = (changes: FacilityChange[], key: string): FacilityChange[] =>
  changes.filter((change, index) => standKey(change, index) !== key);

export function standsOf(facilities: Facility[], changes: FacilityChange[]): Stand[] {
  const changed = new Map(changes.flatMap((change) => (change.id ? [[change.id, change] as const] : [])));
  const placeOf = ({ lon, lat }: FacilityChange): Place => ({ lon: lon ?? 0, lat: lat ?? 0 });
  return [
    ...facilities.map((facility): Stand => {
      const { id, name, nameEn, place, capacity } = facility;
      const change = changed.get(id);
      const known = {
        key: `id:${id}`,
        name,
        nameEn,
        place,
        from: null,
        capacity: change?.capacity ?? capacity,
        capacityToday: capacity,
      };
      if (change?.op === "close") return { ...known, kind: "closed" };
      if (change?.op === "move") return { ...known, kind: "moved", place: placeOf(change), from: place };
      return { ...known, kind: change ? "resized" : "kept" };
    }),
    ...changes.flatMap((change, index): Stand[] =>
      change.op === "add"
        ? [
            {
              key: standKey(change, index),
              kind: "new",
              name: "",
              nameEn: "",
              place: placeOf(change),
              from: null,
              capacity: change.capacity ?? null,
              capacityToday: null,
            },
          ]
        : [],
    ),
  ];
}
