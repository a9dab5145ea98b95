// What a planner wants of a choice of sites beyond the first questions: money, room, ages, today's facilities one by one, places of their own. Pure.
import type { WalkQuestion } from "../api/askWalking";
import type { SitingInputs } from "../api/siting";
import type { TextKey } from "../text/language.svelte";
import { readPlace } from "./place";
import type { WalkingLink } from "./walkingLink";

export type SitingWishes = {
  backup: number;
  costEach: number | null;
  budget: number | null;
  capacityEach: number | null;
  existingCapacity: number | null;
  /** How much somebody counts by age: older people, children, others; null where everybody of the weight counts once. */
  ages: [elderly: number, children: number, others: number] | null;
  candidateType: string;
  /** Lines of places, as they are typed. */
  places: string;
  locked: number[];
  closing: number[];
};
export const plainWishes = (): SitingWishes => ({
  backup: 1,
  costEach: null,
  budget: null,
  capacityEach: null,
  existingCapacity: null,
  ages: null,
  candidateType: "",
  places: "",
  locked: [],
  closing: [],
});

type Siting = WalkingLink["siting"];
export const mayCost = ({ objective }: Siting) => objective !== "center";
export const mayBudget = ({ objective, existing }: Siting) =>
  (objective === "cover" || objective === "median") && existing !== "movable";
export const mayHold = ({ objective }: Siting, { backup }: SitingWishes) => objective === "cover" && backup === 1;
export const mayBackUp = ({ objective }: Siting, { capacityEach }: SitingWishes) =>
  objective !== "center" && (capacityEach === null || objective !== "cover");

export type OwnPlace = { lon: number; lat: number; cost: number | null; capacity: number | null };
export const mostPlaces = 2000;

/** Lines "longitude, latitude[, cost[, capacity]]"; the number of the first line that cannot be read, from 1. */
export function readPlaces(text: string): { places: OwnPlace[]; wrongLine: number | null } {
  const places: OwnPlace[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (!line.trim()) continue;
    const parts = line.split(/[,,\t]/).map((part) => part.trim());
    const place = parts.length <= 4 ? readPlace(`${parts[0] ?? ""}, ${parts[1] ?? ""}`) : null;
    const [cost, capacity] = [parts[2], parts[3]].map((part) => (part ? Number(part) : null));
    const isWrong = (value: number | null | undefined, least: number) => value !== null && value !== undefined && !(value >= least);
    if (!place || isWrong(cost, 0.001) || isWrong(capacity, 1) || (capacity && !Number.isInteger(capacity)))
      return { places, wrongLine: index + 1 };
    places.push({ ...place, cost: cost ?? null, capacity: capacity ?? null });
  }
  return { places, wrongLine: places.length > mostPlaces ? mostPlaces + 1 : null };
}

export type WishFault = { field: "places" | "candidateType" | "budget" | "ages" | "sites"; words: TextKey };

/** What cannot be meant, before the server is asked. */
export function wishFaults(siting: Siting, wishes: SitingWishes): WishFault[] {
  const faults: WishFault[] = [];
  const { places, wrongLine } = readPlaces(wishes.places);
  if (siting.candidates === "places" && (wrongLine !== null || places.length === 0))
    faults.push({ field: "places", words: "siting.fault.places" });
  if (siting.candidates === "facilities" && !wishes.candidateType)
    faults.push({ field: "candidateType", words: "siting.fault.candidateType" });
  const hasCost = wishes.costEach !== null || (siting.candidates === "places" && places.some((place) => place.cost !== null));
  if (mayBudget(siting) && wishes.budget !== null && !hasCost) faults.push({ field: "budget", words: "siting.fault.budget" });
  if (wishes.ages?.every((count) => count === 0)) faults.push({ field: "ages", words: "siting.fault.ages" });
  return faults;
}

/** The question as the process takes it: only what belongs to the objective. */
export function sitingInputs(asked: WalkQuestion, siting: Siting, wishes: SitingWishes): SitingInputs {
  const { objective, sites, candidates, existing, weight } = siting;
  const known = <T extends string | number>(name: string, value: T | null | undefined): Record<string, T> =>
    value === null || value === undefined || value === "" ? {} : { [name]: value };
  const { tier, serviceItem, openAt, areaId, ...rest } = asked;
  const own = candidates === "places" ? readPlaces(wishes.places).places : [];
  const mayRoom = mayHold(siting, wishes);
  return {
    ...rest,
    ...known("tier", tier),
    ...known("serviceItem", serviceItem),
    ...known("openAt", openAt),
    ...known("areaId", areaId),
    objective,
    existing,
    ...(objective === "fewest" ? {} : { sites }),
    ...(wishes.ages ? { ages: wishes.ages.join(",") } : { weight }),
    ...(candidates === "places"
      ? {
          place: own.map(({ lon, lat, cost, capacity }) =>
            [lon, lat, mayCost(siting) ? (cost ?? "") : "", mayRoom ? (capacity ?? "") : ""].join(","),
          ),
        }
      : { candidates }),
    ...(candidates === "facilities" ? known("candidateType", wishes.candidateType) : {}),
    ...(mayBackUp(siting, wishes) && wishes.backup > 1 ? { backup: wishes.backup } : {}),
    ...(mayCost(siting) ? known("costEach", wishes.costEach) : {}),
    ...(mayBudget(siting) ? known("budget", wishes.budget) : {}),
    ...(mayRoom ? known("capacityEach", wishes.capacityEach) : {}),
    ...(mayRoom && (wishes.capacityEach !== null || own.some((place) => place.capacity !== null))
      ? known("existingCapacity", wishes.existingCapacity)
      : {}),
    ...(existing === "movable" && wishes.locked.length ? { locked: wishes.locked } : {}),
    ...(existing !== "ignore" && wishes.closing.length ? { closing: wishes.closing } : {}),
  };
}
