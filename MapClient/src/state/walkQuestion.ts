import type { WalkQuestion } from "../api/askWalking";
import { city } from "./city.svelte";
import { desk } from "./desk.svelte";

/** The desk's question about walking, as the server is asked; null while no kind of facility is chosen. */
export function walkQuestion(): WalkQuestion | null {
  const { facilityType, tier, serviceItem, openAt, minutes } = desk.coverage;
  if (!facilityType) return null;
  return {
    facilityType,
    tier: tier || undefined,
    serviceItem: serviceItem || undefined,
    openAt: openAt || undefined,
    minutes,
    profile: desk.walk.profile,
    areaId: desk.areaId ?? undefined,
  };
}

export const hasCells = () => (city.facts?.counts.populationCells ?? 0) > 0;

/** The same about today, which can be asked for the people of the population cells too. */
export function todayQuestion(): WalkQuestion | null {
  const asked = walkQuestion();
  return asked && { ...asked, demand: desk.coverage.demand === "cells" && hasCells() ? "cells" : undefined };
}
