// Plans as the server sends and takes them. The shapes are the contract's own (types.gen.ts); only words of which the contract says that they are text, and
// geometries, are named more closely.
import type { MultiLineString, MultiPolygon, Polygon, Position } from "geojson";
import type { AreaRef, Bbox, Place } from "./contract";
import type { components } from "./types.gen";

type Schemas = components["schemas"];
/** A shape of the contract with some of its fields named more closely; a field that the contract does not have does not compile. */
type Closer<Name extends keyof Schemas, Fields extends { [Field in keyof Schemas[Name]]?: unknown }> = Omit<
  Schemas[Name],
  keyof Fields
> &
  Fields;

export const planStatuses = ["draft", "published", "withdrawn"] as const;
export type PlanStatus = (typeof planStatuses)[number];
export type Mesh = "too-small" | "in-band" | "too-large";

export type Plan = Closer<"Plan", { status: PlanStatus; area: AreaRef }>;
export type PlanStep = Closer<"PlanStep", { command: { type: string } }>;
export type PlanComment = Schemas["PlanComment"];
export type PlanConsultation = Closer<"PlanConsultation", { area: AreaRef }>;
export type PlanConflict = Schemas["PlanConflict"];
export type PlanWithSteps = Closer<"PlanWithSteps", { plan: Plan; steps: PlanStep[]; consultations: PlanConsultation[] }>;
/** Its code is null for a grid that the draft made. */
export type PlanGrid = Closer<"PlanGrid", { area: AreaRef; mesh: Mesh; bbox: Bbox; geometry: Polygon | null }>;
export type PlanFault = Closer<"PlanFault", { severity: "blocking" | "warning"; place: Place | null }>;
/** Drawn: of grids that were drawn elsewhere, what was wrong with them before they were fitted in. */
export type PlanEdited = Closer<"PlanEdited", { touched: PlanGrid[]; faults: PlanFault[]; drawn?: PlanFault[] | null }>;
export const planFormats = ["geojson", "geopackage", "shapefile", "dxf"] as const;
export type PlanFormat = (typeof planFormats)[number];
export type PlanFileWanted = { format: PlanFormat; crs?: string; encoding?: "UTF-8" | "GB18030" };
export type PlanGrids = Closer<"PlanGrids", { items: PlanGrid[] }>;
export type PlanCheck = Closer<"PlanCheck", { faults: PlanFault[] }>;
/** Its geometry is what changes hands; null for what stays. */
export type PlanMove = Closer<"PlanMove", { geometry: Polygon | MultiPolygon | null }>;
export type PlanComparison = Closer<"PlanComparison", { moves: PlanMove[]; before: PlanGrid[]; after: PlanGrid[] }>;
/** What the machine is to propose: the band is the plan's unless another is given, in the measure of the weights. */
export type ProposalsWanted = Closer<
  "ProposalsWanted",
  { nets?: string; weights?: Schemas["PlanWeights"]; least?: number; most?: number }
>;
export type Net = Schemas["Net"];
export type PlanNetShare = Schemas["PlanNetShare"];
/** Another net held against the draft; borders is what is a border there and none in the draft. */
export type PlanNet = Closer<"PlanNet", { borders: MultiLineString | null }>;
export type PlanOutOfBand = Schemas["PlanOutOfBand"];
export type PlanProposal = Schemas["PlanProposal"];
export type PlanProposals = Schemas["PlanProposals"];
/** One block that would better belong to the grid beside it. */
export type PlanImprovement = Closer<"PlanImprovement", { geometry: Polygon | MultiPolygon }>;
export type CrosswalkRow = Schemas["CrosswalkRow"];
export type PlanPublished = Closer<"PlanPublished", { plan: Plan }>;
export type GridLife = Schemas["GridLife"];
export type PlanWanted = Schemas["PlanWanted"];
/** What a plan would begin with, and which grids repairs would draw anew. */
export type RepairedGrid = Closer<
  "RepairedGrid",
  { geometry: Polygon; gained?: MultiPolygon | Polygon | null; lost?: MultiPolygon | Polygon | null }
>;
export type PlanPreview = Closer<"PlanPreview", { repaired: RepairedGrid[] }>;
export type PlanLimits = NonNullable<Schemas["PlanWanted"]["limits"]>;
export type RepairDecision = Schemas["RepairDecision"];
export type Lines = { type: "LineString"; coordinates: Position[] };
export type PlanCommand = { note?: string } & (
  | { type: "split"; grids: string[]; geometry: Lines }
  | { type: "merge"; grids: string[] }
  | { type: "reshape"; grids: string[]; geometry: Lines }
  | { type: "transfer"; to: string; geometry: Polygon | MultiPolygon }
  | { type: "transfer"; to: string; places: Position[] }
  | { type: "draw"; geometry: Polygon }
  | { type: "move-vertex"; at: Position; target: Position }
  | { type: "insert-vertex"; at: Position; reachMetres: number }
  | { type: "delete-vertex"; at: Position }
  | { type: "simplify"; grids: string[]; toleranceSquareMetres?: number }
  | { type: "snap-to-streets"; grids: string[]; reachMetres?: number }
  | ({ type: "delineate"; choice: number } & ProposalsWanted)
  | { type: "rename"; grids: string[]; name: string }
);
