// Questions about walking, one function each.
import type { Point } from "geojson";
import type { Place } from "./contract";
import { ask, call, send } from "./http";
import type {
  Catchment,
  Isochrone,
  Nearest,
  Profile,
  Scenario,
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
};

export const askWalkCoverage = (question: WalkQuestion, stop?: AbortSignal) =>
  ask<WalkCoverage>("/api/coverage/walking", question, stop);
export const askWalkGaps = (question: WalkQuestion, stop?: AbortSignal) => ask<WalkGaps>("/api/coverage/gaps", question, stop);
export const askCatchment = (question: WalkQuestion, stop?: AbortSignal) =>
  ask<Catchment>("/api/coverage/catchment", question, stop);
export const resultFormats = ["geopackage", "geojson", "csv"] as const;
export type ResultFormat = (typeof resultFormats)[number];
/** An answer as a file. */
export const askResultFile = async (
  what: "walking" | "gaps",
  question: WalkQuestion & { by?: string | undefined; format: ResultFormat },
) => (await call(`/api/coverage/${what}`, { query: question, headers: { accept: "*/*" } })).blob();
export const askIsochrone = (place: Place, minutes: number[], profile: Profile, stop?: AbortSignal) =>
  ask<Isochrone>("/api/isochrone", { ...place, minutes: minutes.join(","), profile }, stop);
export const askNearest = (place: Place, facilityType: string, count: number, profile: Profile, stop?: AbortSignal) =>
  ask<Nearest>("/api/nearest", { ...place, facilityType, count, profile }, stop);

export const askWhatIf = (question: WhatIf) => send<WhatIfAnswer>("POST", "/api/coverage/what-if", question);
export const askScenarios = async () => (await ask<{ items: ScenarioRef[] }>("/api/coverage/scenarios")).items;
export const askScenario = (id: number) => ask<Scenario>(`/api/coverage/scenarios/${id}`);
export const keepScenario = (name: string, note: string, question: WhatIf, id: number | null) =>
  id === null
    ? send<Scenario>("POST", "/api/coverage/scenarios", { name, note, question })
    : send<Scenario>("PUT", `/api/coverage/scenarios/${id}`, { name, note, question });
export const forgetScenario = (id: number) => call(`/api/coverage/scenarios/${id}`, { method: "DELETE" });

type FacilityItem = { id: number; geometry: Point; properties: { name: string; nameEn?: string | null; tier?: string | null } };
/** Every facility of some types, as far as 10,000. */
export async function askFacilities(types: string[], tier: string | undefined, stop?: AbortSignal) {
  const quoted = types.map((type) => `'${type.replaceAll("'", "''")}'`).join(",");
  const filter = `type IN (${quoted})${tier ? ` AND tier = '${tier.replaceAll("'", "''")}'` : ""}`;
  const { features } = await ask<{ features: FacilityItem[] }>(
    "/ogc/collections/facilities/items",
    { filter, properties: "name,nameEn,tier", limit: 10_000, f: "json" },
    stop,
  );
  return features.map(({ id, geometry, properties }) => ({
    id,
    name: properties.name,
    nameEn: properties.nameEn ?? "",
    tier: properties.tier ?? "",
    place: { lon: geometry.coordinates[0] ?? 0, lat: geometry.coordinates[1] ?? 0 },
  }));
}
