// The city's own facts: asked once, asked again when the server comes back or its rows are replaced.
import type { Area, CatalogueEntry, City, Department } from "../api/contract";
import { onReach } from "../api/http";
import { problemOf, type Problem } from "../api/problem";
import { askAreas, askCatalogue, askCity, askDepartments } from "../api/server";

type Loading = "loading" | "ready" | "empty" | "failed";
type CityState = {
  loading: Loading;
  problem: Problem | null;
  reached: boolean;
  facts: City | null;
  areas: Area[];
  categories: CatalogueEntry[];
  facilityTypes: CatalogueEntry[];
  serviceItems: CatalogueEntry[];
  departments: Department[];
  minute: number;
  readonly timeZone: string;
};

const facts = $state({ city: null as City | null });
export const city: CityState = $state({
  loading: "loading",
  problem: null,
  reached: true,
  get facts() {
    return facts.city;
  },
  areas: [],
  categories: [],
  facilityTypes: [],
  serviceItems: [],
  departments: [],
  minute: Date.now(),
  get timeZone() {
    return facts.city?.timeZone ?? "Asia/Shanghai";
  },
});

onReach((reached) => {
  city.reached = reached;
});

export async function loadCity(): Promise<void> {
  if (!facts.city) city.loading = "loading";
  try {
    const [told, categories, facilityTypes, serviceItems] = await Promise.all([
      askCity(),
      askCatalogue("incident-categories"),
      askCatalogue("facility-types"),
      askCatalogue("service-items"),
    ]);
    Object.assign(city, { categories, facilityTypes, serviceItems });
    if (told.bbox) [city.areas, city.departments] = await Promise.all([askAreas(), askDepartments()]);
    facts.city = told;
    city.loading = told.bbox ? "ready" : "empty";
    city.problem = null;
  } catch (error) {
    city.problem = problemOf(error);
    if (!facts.city) city.loading = "failed";
  }
}

export const areaById = (id: number | null): Area | undefined =>
  id === null ? undefined : city.areas.find((area) => area.id === id);

/** From the city down to this area. */
export function chainOf(id: number | null): Area[] {
  const chain: Area[] = [];
  for (let area = areaById(id); area && chain.length < 8; area = areaById(area.parentId)) chain.unshift(area);
  return chain;
}
export const areasBelow = (id: number | null): Area[] => city.areas.filter((area) => area.parentId === id);
export const categoryByCode = (code: string) => city.categories.find((entry) => entry.code === code);
export const facilityTypeByCode = (code: string) => city.facilityTypes.find((entry) => entry.code === code);
/** A kind of facility with every kind below it. */
export function facilityTypesBelow(code: string): string[] {
  const found = [code];
  for (let at = 0; at < found.length && found.length < 1000; at++)
    found.push(...city.facilityTypes.filter((entry) => entry.parentCode === found[at]).map((entry) => entry.code));
  return found;
}
