// Plans as the server sends and takes them, by the names of docs/api.md.
import type { MultiLineString, MultiPolygon, Polygon, Position } from "geojson";
import type { AreaRef, Bbox, Place } from "./contract";

export const planStatuses = ["draft", "published", "withdrawn"] as const;
export type PlanStatus = (typeof planStatuses)[number];
export type Mesh = "too-small" | "in-band" | "too-large";

export type Plan = {
  id: number;
  name: string;
  net: string;
  area: AreaRef;
  baseAt: string;
  status: PlanStatus;
  version: number;
  steps: number;
  redoable: number;
  /** The band that a grid's households should lie in. */
  least: number;
  most: number;
  effectiveAt: string | null;
  reason: string;
  createdAt: string;
  createdBy: string;
  publishedAt: string | null;
  publishedBy: string | null;
};
export type PlanStep = {
  step: number;
  name: string;
  command: { type: string };
  grids: string[];
  applied: boolean;
  madeAt: string;
  madeBy: string;
};
export type PlanComment = { id: number; grid: string | null; place: Place | null; text: string; madeAt: string; madeBy: string };
export type PlanConsultation = {
  id: number;
  area: AreaRef;
  agrees: boolean;
  reason: string;
  version: number;
  madeAt: string;
  madeBy: string;
};
export type PlanConflict = { planId: number; name: string; createdBy: string; grids: string[] };
export type PlanWithSteps = {
  plan: Plan;
  steps: PlanStep[];
  comments: PlanComment[];
  consultations: PlanConsultation[];
  conflicts: PlanConflict[];
};
export type PlanGrid = {
  key: string;
  /** Null for a grid that the draft made. */
  code: string | null;
  name: string;
  area: AreaRef;
  changed: boolean;
  households: number;
  residents: number;
  buildings: number;
  incidents12Months: number;
  areaSquareMetres: number;
  perimeterMetres: number;
  compactness: number;
  minutesAcross: number;
  minutesToServiceCentre: number | null;
  shareOfTarget: number;
  mesh: Mesh;
  bbox: Bbox;
  geometry: Polygon | null;
};
export type PlanFault = {
  code: string;
  severity: "blocking" | "warning";
  message: string;
  grids: string[];
  place: Place | null;
  areaSquareMetres: number | null;
  thing: string | null;
  value: number | null;
  limit: number | null;
  repairable: boolean;
  /** What value and limit count. */
  indicator: string | null;
};
export type PlanEdited = {
  version: number;
  step: number;
  dryRun: boolean;
  touched: PlanGrid[];
  gone: string[];
  faults: PlanFault[];
  conflicts: PlanConflict[];
  /** Of grids that were drawn elsewhere: what was wrong with them before they were fitted in. */
  drawn: PlanFault[] | null;
};
export const planFormats = ["geojson", "geopackage", "shapefile", "dxf"] as const;
export type PlanFormat = (typeof planFormats)[number];
export type PlanFileWanted = { format: PlanFormat; crs?: string; encoding?: "UTF-8" | "GB18030" };
export type PlanGrids = { version: number; items: PlanGrid[] };
export type PlanCheck = { version: number; ok: boolean; needsReason: boolean; faults: PlanFault[]; conflicts: PlanConflict[] };
export type PlanMove = {
  from: string;
  to: string;
  areaSquareMetres: number;
  households: number;
  residents: number;
  openIncidents: number;
  /** What changes hands; null for what stays. */
  geometry: Polygon | MultiPolygon | null;
};
export type PlanComparison = {
  version: number;
  gridsBefore: number;
  gridsAfter: number;
  householdsMoved: number;
  squareMetresMoved: number;
  moves: PlanMove[];
  before: PlanGrid[];
  after: PlanGrid[];
};
/** What the machine is to propose: the band is the plan's unless another is given, in the measure of the weights. */
export type ProposalsWanted = {
  areaId: number;
  keep: number;
  seed: number;
  keepCompounds: boolean;
  /** Codes with commas: the borders of these nets are merged to one. */
  nets?: string;
  weights?: { households: number; residents: number; incidents: number; hectares: number };
  least?: number;
  most?: number;
};
export type Net = { id: number; code: string; name: string; nameEn: string; grids: number };
export type PlanNetShare = {
  from: string;
  to: string;
  areaSquareMetres: number;
  shareOfFrom: number;
  shareOfTo: number;
  households: number;
  residents: number;
  openIncidents: number;
};
/** Another net held against the draft; borders is what is a border there and none in the draft. */
export type PlanNet = {
  net: string;
  name: string;
  grids: number;
  nested: number;
  borderMetres: number;
  alongMetres: number;
  shares: PlanNetShare[];
  borders: MultiLineString | null;
};
export type PlanOutOfBand = { areaId: number; size: number; reason: string; place: Place };
export type PlanProposal = {
  choice: number;
  possible: boolean;
  reason: string | null;
  grids: number;
  shareInBand: number;
  notContiguous: number;
  leastSize: number;
  mostSize: number;
  coefficientOfVariation: number;
  meanCompactness: number;
  onStreets: number;
  householdsMoved: number;
  compoundsDivided: number;
  total: number;
  outside: PlanOutOfBand[];
};
export type PlanProposals = { version: number; areas: number; proposals: PlanProposal[] };
/** One block that would better belong to the grid beside it. */
export type PlanImprovement = {
  from: string;
  to: string;
  gain: number;
  fromBefore: number;
  fromAfter: number;
  toBefore: number;
  toAfter: number;
  geometry: Polygon | MultiPolygon;
};
export type CrosswalkRow = {
  oldCode: string;
  newCode: string;
  oldGridId: number;
  newGridId: number;
  areaSquareMetres: number;
  households: number;
  residents: number;
  openIncidents: number;
};
export type PlanPublished = { plan: Plan; crosswalk: CrosswalkRow[]; voided: string[]; newCodes: string[] };
export type GridLife = {
  net: string;
  code: string;
  boundaries: {
    id: number;
    name: string;
    validFrom: string | null;
    validTo: string | null;
    areaSquareMetres: number;
    households: number | null;
  }[];
  cameFrom: { code: string; effectiveAt: string; planId: number; areaSquareMetres: number; households: number }[];
  became: { code: string; effectiveAt: string; planId: number; areaSquareMetres: number; households: number }[];
};

export type PlanWanted = {
  name: string;
  areaId: number;
  net: string;
  baseAt?: string;
  least: number;
  most: number;
  repair: boolean;
};
export type Lines = { type: "LineString"; coordinates: Position[] };
export type PlanCommand = { note?: string } & (
  | { type: "split"; grids: string[]; geometry: Lines }
  | { type: "merge"; grids: string[] }
  | { type: "reshape"; grids: string[]; geometry: Lines }
  | { type: "transfer"; to: string; geometry: Polygon | MultiPolygon }
  | { type: "draw"; geometry: Polygon }
  | { type: "move-vertex"; at: Position; target: Position }
  | { type: "insert-vertex"; at: Position; reachMetres: number }
  | { type: "delete-vertex"; at: Position }
  | { type: "simplify"; grids: string[]; toleranceSquareMetres?: number }
  | { type: "snap-to-streets"; grids: string[]; reachMetres?: number }
  | ({ type: "delineate"; choice: number } & ProposalsWanted)
  | { type: "rename"; grids: string[]; name: string }
);
