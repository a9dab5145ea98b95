// What a choice of sites means for today's facilities. Pure.
import type { FacilityChange, SitingResult } from "../api/walking";
import type { Stand } from "./changes";

export const newSites = (result: SitingResult) => result.sites.filter((site) => site.kind === "new");

export const sitesAsStands = (result: SitingResult): Stand[] =>
  result.sites.map(({ kind, id, name, place, capacity }, index) => ({
    key: kind === "new" ? `site:${index}` : `id:${id}`,
    kind: kind === "new" ? "new" : "kept",
    name,
    nameEn: "",
    place,
    from: null,
    capacity: capacity ?? null,
    capacityToday: null,
  }));

/** Another choice that was met on the way, in the place of the best one. */
export function otherChoice(result: SitingResult, index: number | null): SitingResult {
  const other = index === null ? undefined : result.alternatives[index];
  if (!other) return result;
  const stays = new Set(other.existing);
  return {
    ...result,
    value: other.value,
    sites: [
      ...result.sites
        .filter((site) => site.kind === "existing" && site.id !== null && stays.has(site.id))
        .map((site) => ({ ...site, served: null })),
      ...other.newSites.map((place) => {
        const known = result.sites.find(
          (site) => site.kind === "new" && site.place.lon === place.lon && site.place.lat === place.lat,
        );
        return known
          ? { ...known, served: null }
          : { kind: "new" as const, id: null, name: "", place, cost: null, capacity: null, served: null };
      }),
    ],
  };
}

/** The choice as changes: today's facilities that were given up close, the new ones open. */
export function sitesAsChanges(result: SitingResult, today: number[]): FacilityChange[] {
  const kept = new Set(result.sites.flatMap((site) => (site.kind === "existing" ? [site.id] : [])));
  return [
    ...today.filter((id) => !kept.has(id)).map((id): FacilityChange => ({ op: "close", id })),
    ...newSites(result).map(({ place, capacity }): FacilityChange => ({
      op: "add",
      lon: place.lon,
      lat: place.lat,
      ...(capacity === null ? {} : { capacity }),
    })),
  ];
}

/** How much better than today, in people or metres; null where today cannot be said. */
export const gainOf = ({ today, value, objective }: SitingResult): number | null =>
  today === null ? null : objective === "cover" ? value - today : today - value;
