import type { WalkQuestion } from "../api/askWalking";
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
