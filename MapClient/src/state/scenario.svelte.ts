// The scenario that is being worked on: today's facilities of the kind, what is changed about them, and what that would bring.
import type { Place } from "../api/contract";
import type { CapacityWhatIf, FacilityChange, Scenario, WhatIf, WhatIfAnswer } from "../api/walking";
import {
  beginning,
  folded,
  mostChanges,
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
  type Facility,
  type History,
  type Stand,
} from "./changes";
import { city } from "./city.svelte";
import { desk } from "./desk.svelte";
import { walkQuestion } from "./walkQuestion";

type Kept = { id: number; version: number; name: string; note: string; changes: FacilityChange[] };
type Work = {
  /** The kind of facility that the changes are about. */
  facilityType: string;
  facilities: Facility[];
  history: History;
  isAdding: boolean;
  /** The stand in the hand: not yet put down. */
  held: { key: string; place: Place } | null;
  chosen: string | null;
  kept: Kept | null;
  answer: WhatIfAnswer | null;
  /** The answer that the map shows: colouring grids anew takes the map longer than a frame, so it waits until the stand is put down. */
  drawn: WhatIfAnswer | null;
  /** How much there is for people then; asked when a stand is put down. */
  capacity: CapacityWhatIf | null;
};
export const scenario = $state<Work>({
  facilityType: "",
  facilities: [],
  history: beginning(),
  isAdding: false,
  held: null,
  chosen: null,
  kept: null,
  answer: null,
  drawn: null,
  capacity: null,
});

export const isScenarioOpen = () => desk.panel === "coverage" && desk.coverage.task === "scenario" && !!desk.coverage.facilityType;

/** The changes with the stand that is in the hand. */
export function changesNow(): FacilityChange[] {
  const { history, held } = scenario;
  return held ? withMoved(history.present, held.key, held.place) : history.present;
}
export const standsNow = (): Stand[] => standsOf(scenario.facilities, scenario.history.present);
export const chosenStand = (): Stand | null => standsNow().find((stand) => stand.key === scenario.chosen) ?? null;

function change(changes: FacilityChange[]): void {
  scenario.history = step(scenario.history, changes);
  if (!standsNow().some((stand) => stand.key === scenario.chosen)) scenario.chosen = null;
}
export function addAt(place: Place): void {
  if (scenario.history.present.length >= mostChanges) return;
  change(withAdded(scenario.history.present, place));
  scenario.chosen = `new:${scenario.history.present.length - 1}`;
}
export function hold(key: string, place: Place): void {
  // The place alone changes: what depends on which stand it is need not look again.
  if (scenario.held?.key === key) scenario.held.place = place;
  else scenario.held = { key, place };
}
export function putDown(): void {
  const held = scenario.held;
  scenario.held = null;
  if (held) change(withMoved(scenario.history.present, held.key, held.place));
}
export const moveTo = (key: string, place: Place) => change(withMoved(scenario.history.present, key, place));
export const close = (id: number) => change(withClosed(scenario.history.present, id));
export const resize = (stand: Stand, capacity: number) =>
  change(withResized(scenario.history.present, stand.key, capacity, stand.capacityToday));
export const asToday = (key: string) => change(without(scenario.history.present, key));
/** Nothing of the last step stays, when what the server refuses is what it made; false when that is older, or all has changed since. */
export function takeBackRefused(asked: FacilityChange[], index: number): boolean {
  const { past, present } = scenario.history;
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  const before = past.at(-1);
  if (!before || !same(present, asked) || same(before[index], asked[index])) return false;
  scenario.history = takenBack(scenario.history);
  if (!standsNow().some((stand) => stand.key === scenario.chosen)) scenario.chosen = null;
  return true;
}
export const undoStep = () => (scenario.history = undo(scenario.history));
export const redoStep = () => (scenario.history = redo(scenario.history));
export const clearChanges = () => change([]);

/** Another kind of facility: nothing of the old changes can be meant. */
export function beginScenario(facilityType: string, changes: FacilityChange[] = []): void {
  Object.assign(scenario, {
    facilityType,
    history: beginning(changes),
    isAdding: changes.length === 0,
    held: null,
    chosen: null,
    kept: null,
    answer: null,
    drawn: null,
    capacity: null,
  });
  desk.coverage.scenario = null;
}

export const whatIfNow = (changes: FacilityChange[]): WhatIf | null => {
  const asked = walkQuestion();
  return (
    asked && {
      ...asked,
      tier: asked.tier ?? null,
      serviceItem: asked.serviceItem ?? null,
      openAt: asked.openAt ?? null,
      areaId: asked.areaId ?? null,
      changes: $state.snapshot(changes) as FacilityChange[],
    }
  );
};

export const isChanged = (): boolean => JSON.stringify(scenario.history.present) !== JSON.stringify(scenario.kept?.changes ?? []);

/** Opens what was kept: the desk's question becomes the scenario's. A pace or a distance of its own is told as minutes at the city's pace: the same metres. */
export function openScenario({ id, version, name, note, question }: Scenario): void {
  const pace = city.facts?.walkMetresPerMinute ?? 60;
  const metres = question.radiusMetres ?? (question.metresPerMinute ? question.metresPerMinute * (question.minutes ?? 5) : null);
  Object.assign(desk.coverage, {
    facilityType: question.facilityType,
    tier: question.tier ?? "",
    serviceItem: question.serviceItem ?? "",
    openAt: question.openAt ?? "",
    minutes: metres === null ? (question.minutes ?? 5) : metres / pace,
    task: "scenario",
    scenario: id,
  });
  desk.walk.profile = metres === null ? ((question.profile ?? "adult") as typeof desk.walk.profile) : "adult";
  desk.areaId = question.areaId ?? null;
  Object.assign(scenario, {
    facilityType: question.facilityType,
    history: beginning(folded(question.changes)),
    isAdding: false,
    held: null,
    chosen: null,
    kept: { id, version, name, note, changes: folded(question.changes) },
    answer: null,
    drawn: null,
    capacity: null,
  });
}
