// Questions about walking, one function each.
import type { Place } from "./contract";
import { ask, call, send } from "./http";
import type {
  CapacityWhatIf,
  Catchment,
  CountedFacilities,
  Isochrone,
  Nearest,
  NearestPeople,
  Profile,
  Scenario,
  ScenarioAnswer,
  ScenarioRef,
  WalkCoverage,
  WalkGaps,
  WhatIf,
  WhatIfAnswer,
} from "./walking";

export type WalkQuestion = {
  facilityType: string;
  tier?: string | undefined;
  serviceItem?: string | undefined;
  /** A weekday and a time, such as "Sa 20:00". */
  openAt?: string | undefined;
  minutes: number;
  profile: Profile;
  areaId?: number | undefined;
  /** Whose people walk: those of the buildings when absent. */
  demand?: "cells" | undefined;
};

export const askWalkCoverage = (question: WalkQuestion, stop?: AbortSignal) =>
  ask<WalkCoverage>("/api/coverage/walking", question, stop);
export const askWalkGaps = (question: WalkQuestion, stop?: AbortSignal) => ask<WalkGaps>("/api/coverage/gaps", question, stop);
export const askCatchment = (question: WalkQuestion, stop?: AbortSignal) =>
  ask<Catchment>("/api/coverage/catchment", question, stop);
/** The facilities of the kind, and which of them count. */
export const askCounted = (
  { facilityType, tier, serviceItem, openAt }: Omit<WalkQuestion, "minutes" | "profile">,
  stop?: AbortSignal,
) => ask<CountedFacilities>("/api/coverage/facilities", { facilityType, tier, serviceItem, openAt }, stop);
export const resultFormats = ["geopackage", "geojson", "csv"] as const;
export type ResultFormat = (typeof resultFormats)[number];
/** An answer as a file. */
export const askResultFile = async (
  what: "walking" | "gaps" | "catchment" | "what-if",
  question: (WalkQuestion | { scenario: number }) & { by?: string | undefined; format: ResultFormat },
) => (await call(`/api/coverage/${what}`, { query: question, headers: { accept: "*/*" } })).blob();
export const askIsochrone = (place: Place, minutes: number[], profile: Profile, stop?: AbortSignal) =>
  ask<Isochrone>("/api/isochrone", { ...place, minutes: minutes.join(","), profile }, stop);
export const askNearest = (place: Place, facilityType: string, count: number, profile: Profile, stop?: AbortSignal) =>
  ask<Nearest>("/api/nearest", { ...place, facilityType, count, profile }, stop);
/** Of any role when it is null. */
export const askNearestPeople = (place: Place, role: string | null, count: number, profile: Profile, stop?: AbortSignal) =>
  ask<NearestPeople>("/api/nearest/people", { ...place, role: role ?? undefined, count, profile }, stop);

export const askWhatIf = (question: WhatIf) => send<WhatIfAnswer>("POST", "/api/coverage/what-if", question);
export const askCapacityWhatIf = (question: WhatIf) => send<CapacityWhatIf>("POST", "/api/coverage/what-if/capacity", question);
/** A kept scenario beside today, in coverage and capacity. */
export const askKeptScenario = (scenario: number) => ask<ScenarioAnswer>("/api/coverage/what-if", { scenario });
export const askScenarios = async () => (await ask<{ items: ScenarioRef[] }>("/api/coverage/scenarios")).items;
export const askScenario = (id: number) => ask<Scenario>(`/api/coverage/scenarios/${id}`);
/** What was opened is kept over only while nobody else has changed it. */
const on = (version: number) => ({ headers: { "if-match": `"${version}"` } });
export const keepScenario = (name: string, note: string, question: WhatIf, over: { id: number; version: number } | null) =>
  over === null
    ? send<Scenario>("POST", "/api/coverage/scenarios", { name, note, question })
    : send<Scenario>("PUT", `/api/coverage/scenarios/${over.id}`, { name, note, question }, on(over.version));
export const forgetScenario = (id: number, version: number) =>
  call(`/api/coverage/scenarios/${id}`, { method: "DELETE", ...on(version) });
