// What the server says about walking: rings, coverage on foot, gaps, scenarios, sites. The shapes are the contract's own (types.gen.ts); only words of which the
// contract knows no list, and geometries, are said more closely here.
import type { FeatureCollection, LineString, MultiPolygon } from "geojson";
import type { AreaRef } from "./contract";
import type { components } from "./types.gen";

type Sent = components["schemas"];
/** The same with some of it said more closely. */
type With<T, Closer> = Omit<T, keyof Closer> & Closer;
type InArea<T> = With<T, { area: AreaRef | null }>;

export const profiles = ["adult", "elder", "child"] as const;
export type Profile = (typeof profiles)[number];
export type WalkPeople = Sent["WalkPeople"];
export type WalkCover = Sent["WalkCover"];

export type IsochroneWalk = Sent["IsochroneWalk"];
export type Isochrone = FeatureCollection<MultiPolygon, IsochroneWalk> & Omit<Sent["Isochrone"], "type" | "features">;
export type NearestFacility = With<Sent["NearestFacility"], { route: LineString }>;
export type Nearest = With<Sent["Nearest"], { items: NearestFacility[] }>;
export type NearestPerson = With<Sent["NearestPerson"], { route: LineString }>;
export type NearestPeople = With<Sent["NearestPeople"], { items: NearestPerson[] }>;
export const gridRoles = ["grid-worker", "grid-head", "police", "volunteer"] as const;

type AreaCover = InArea<Sent["WalkAreaCover"]>;
export type WalkCoverage = With<Sent["WalkCoverage"], { byStreet: AreaCover[]; byCommunity: AreaCover[] }>;

/** Capacity within a walk. */
export type Supply = Sent["Supply"];
type AreaSupply = InArea<Sent["AreaSupply"]>;
export type Catchment = With<Sent["Catchment"], { byStreet: AreaSupply[]; byCommunity: AreaSupply[] }>;

export type GapReason = "far" | "barrier" | "no-way";
export type WalkGap = With<Sent["WalkGap"], { reason: GapReason }>;
export type WalkGaps = With<Sent["WalkGaps"], { gaps: FeatureCollection<MultiPolygon, WalkGap> }>;

export const standings = ["counted", "off-network", "closed", "hours-unknown", "other-tier", "other-service"] as const;
export type Standing = (typeof standings)[number];
export type CountedFacility = With<Sent["CountedFacility"], { standing: Standing }>;
export type CountedFacilities = With<Sent["CountedFacilities"], { items: CountedFacility[] }>;

export type FacilityChange = With<Sent["FacilityChange"], { op: "add" | "move" | "close" | "resize" }>;
export type WhatIf = With<Sent["WhatIf"], { changes: FacilityChange[] }>;
export type WhatIfAnswer = With<Sent["WhatIfAnswer"], { byStreet: InArea<Sent["WhatIfArea"]>[] }>;
type CapacityArea = InArea<Sent["CapacityArea"]>;
export type CapacityWhatIf = With<Sent["CapacityWhatIf"], { byStreet: CapacityArea[]; byCommunity: CapacityArea[] }>;
export type ScenarioAnswer = With<Sent["ScenarioAnswer"], { question: WhatIf; coverage: WhatIfAnswer; capacity: CapacityWhatIf }>;
export type ScenarioRef = Sent["ScenarioRef"];
export type Scenario = With<Sent["Scenario"], { question: WhatIf }>;

export const objectives = ["cover", "median", "fewest", "center"] as const;
export type Objective = (typeof objectives)[number];
/** Crossings, compounds, facilities of another kind, or places of one's own. */
export const candidateKinds = ["streets", "compounds", "facilities", "places"] as const;
export type CandidateKind = (typeof candidateKinds)[number];
export const weights = ["residents", "elderly", "children", "households", "buildings"] as const;
export type Weight = (typeof weights)[number];
export const existingRules = ["keep", "movable", "ignore"] as const;
export type ExistingRule = (typeof existingRules)[number];
export type ChosenSite = With<Sent["ChosenSite"], { kind: "new" | "existing" }>;
export type SitingResult = With<Sent["SitingResult"], { objective: Objective; weight: Weight | "ages"; sites: ChosenSite[] }>;
