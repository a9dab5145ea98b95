// Every question the client asks, one function each.
import type {
  Area,
  AreaDetail,
  Bbox,
  CatalogueEntry,
  CircleAnswer,
  City,
  CoverageAnswer,
  DensityContours,
  DensityHeader,
  Department,
  Found,
  GridDetail,
  GridDraft,
  GridHeats,
  Incident,
  IncidentDetail,
  IncidentReport,
  IncidentWork,
  LayerItem,
  Located,
  Me,
  Page,
  Place,
  Streets,
  Summary,
} from "./contract";
import { ask, call, send } from "./http";

type Items<T> = { items: T[] };

/** The filters that all questions about incidents share. */
export type IncidentFilter = {
  from?: string | undefined;
  to?: string | undefined;
  category?: string[] | undefined;
  status?: string | undefined;
  areaId?: number | undefined;
};
/** A walk in minutes, or a plain distance. */
export type Reach = { minutes: number } | { radiusMetres: number };

export const askCity = () => ask<City>("/api/city");
export const askAreas = async () => (await ask<Items<Area>>("/api/areas")).items;
export const askArea = (id: number) => ask<AreaDetail>(`/api/areas/${id}`);
export const askCatalogue = async (name: "incident-categories" | "facility-types" | "service-items") =>
  (await ask<Items<CatalogueEntry>>(`/api/catalogues/${name}`)).items;
export const askDepartments = async () => (await ask<Items<Department>>("/api/departments")).items;

/** Event streams and tiles cannot carry a header, so the server keeps the key in a cookie for them. */
export const beginSession = (key: string) => send<Me>("POST", "/api/session", { key });
export const endSession = () => call("/api/session", { method: "DELETE" });

export const askNets = async () =>
  (await ask<Items<{ id: number; code: string; name: string; nameEn: string; grids: number }>>("/api/nets")).items;
export const search = async (q: string, stop?: AbortSignal) =>
  (await ask<Items<Found>>("/api/search", { q, limit: 10 }, stop)).items;
export const locate = (place: Place, stop?: AbortSignal) => ask<Located>("/api/locate", place, stop);
export const askSummary = (filter: { areaId?: number | undefined; from?: string; to?: string }) =>
  ask<Summary>("/api/summary", filter);

export const askCircle = (place: Place, reach: Reach, filter: IncidentFilter, stop?: AbortSignal) =>
  ask<CircleAnswer>("/api/circle", { ...place, ...reach, from: filter.from, to: filter.to, category: filter.category }, stop);
export const askCoverage = (
  facilityType: string,
  tier: string | undefined,
  reach: Reach,
  areaId: number | undefined,
  stop?: AbortSignal,
) => ask<CoverageAnswer>("/api/coverage", { facilityType, tier, ...reach, areaId }, stop);

const density = (filter: IncidentFilter, bandwidthMetres: number) => ({
  from: filter.from,
  to: filter.to,
  category: filter.category,
  areaId: filter.areaId,
  bandwidthMetres,
});
export const askDensityHeader = (filter: IncidentFilter, bandwidthMetres: number, stop?: AbortSignal) =>
  ask<DensityHeader>("/api/hotspots/density", { ...density(filter, bandwidthMetres), format: "json", values: false }, stop);
export const askDensityContours = (filter: IncidentFilter, bandwidthMetres: number, stop?: AbortSignal) =>
  ask<DensityContours>("/api/hotspots/density", { ...density(filter, bandwidthMetres), format: "contours" }, stop);
export const askDensityImage = async (filter: IncidentFilter, bandwidthMetres: number, stop?: AbortSignal) => {
  const response = await call("/api/hotspots/density", { query: { ...density(filter, bandwidthMetres), format: "png" }, stop });
  const bbox = (response.headers.get("x-gridmap-bbox") ?? "").split(",").map(Number);
  return { bbox, image: await response.blob() };
};
export const askGridHeats = (filter: IncidentFilter, stop?: AbortSignal) =>
  ask<GridHeats>(
    "/api/hotspots/grids",
    { from: filter.from, to: filter.to, category: filter.category, areaId: filter.areaId },
    stop,
  );

export const askIncidents = (
  filter: IncidentFilter & { gridId?: number; q?: string; after?: string | null; limit?: number },
  stop?: AbortSignal,
) => ask<Page<Incident>>("/api/incidents", filter, stop);
export const askIncident = (id: number) => ask<IncidentDetail>(`/api/incidents/${id}`);
export const reportIncident = (report: IncidentReport, idempotencyKey: string) =>
  send<Incident>("POST", "/api/incidents", report, { headers: { "idempotency-key": idempotencyKey } });
export const workOnIncident = (id: number, work: IncidentWork) => send<IncidentDetail>("PATCH", `/api/incidents/${id}`, work);

export const askGrid = (id: number) => ask<GridDetail>(`/api/grids/${id}`);
export const checkGrid = (draft: GridDraft) =>
  send<Record<string, unknown>>("POST", "/api/grids", draft, { query: { dryRun: true } });
export const saveGrid = (draft: GridDraft) => send<GridDetail>("POST", "/api/grids", draft);

export const askLayerItem = (collection: string, id: number) =>
  ask<LayerItem>(`/ogc/collections/${collection}/items/${id}`, { f: "json" });
/** Streets and paths as the city has them, each with all its corners. */
export const askStreets = ([west, south, east, north]: Bbox, limit: number, stop?: AbortSignal) =>
  ask<Streets>(
    "/ogc/collections/roads/items",
    { f: "json", bbox: [west, south, east, north].map((side) => side.toFixed(6)).join(), limit, properties: "name,nameEn" },
    stop,
  );
