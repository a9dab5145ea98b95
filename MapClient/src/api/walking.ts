// What the server says about walking: rings, coverage on foot, gaps, scenarios, sites. By the names of docs/api.md.
import type { FeatureCollection, LineString, MultiPolygon } from "geojson";
import type { AreaRef, Place } from "./contract";

export const profiles = ["adult", "elder", "child"] as const;
export type Profile = (typeof profiles)[number];
export type WalkPeople = { buildings: number; households: number; residents: number; elderly: number; children: number };

export type IsochroneWalk = {
  origin: number | null;
  minutes: number;
  metres: number;
  inside: WalkPeople;
  circle: WalkPeople | null;
  overClaimPercent: number | null;
  grids: number[];
  gridCount: number;
};
export type Isochrone = FeatureCollection<MultiPolygon, IsochroneWalk> & {
  method: string;
  combine: string;
  profile: string | null;
  metresPerMinute: number;
  version: string;
  coord: string;
  origins: { place: Place; accessMetres: number }[];
  offNetwork: WalkPeople;
};

export type NearestFacility = {
  id: number;
  name: string;
  nameEn: string;
  type: string;
  tier: string;
  place: Place;
  metres: number;
  minutes: number;
  straightMetres: number;
  route: LineString;
};
export type Nearest = {
  place: Place;
  accessMetres: number;
  profile: string | null;
  metresPerMinute: number;
  version: string;
  offNetwork: number;
  items: NearestFacility[];
};

export type WalkCover = {
  all: WalkPeople;
  covered: WalkPeople;
  offNetwork: WalkPeople;
  residentsTwice: number;
  residentsThrice: number;
  residentsInCircle: number | null;
  buildingsPercent: number | null;
  residentsPercent: number | null;
  elderlyPercent: number | null;
  childrenPercent: number | null;
  meanMetres: number | null;
};
export type WalkCoverage = {
  facilityType: string;
  tier: string | null;
  facilities: number;
  facilitiesOffNetwork: number;
  facilitiesClosed: number;
  facilitiesHoursUnknown: number;
  metres: number;
  minutes: number | null;
  profile: string | null;
  metresPerMinute: number;
  method: string;
  version: string;
  total: WalkCover;
  p95Metres: number | null;
  /** Without an area: the buildings that lie in none of this level. */
  byStreet: { area: AreaRef | null; cover: WalkCover }[];
  byCommunity: { area: AreaRef | null; cover: WalkCover }[];
  byGrid: { id: number | null; code: string | null; name: string; cover: WalkCover }[];
};

/** Capacity within a walk. */
export type Supply = { people: number; without: number; offNetwork: number; perThousand: number | null };
export type Catchment = {
  capacity: number;
  facilitiesWithoutCapacity: number;
  total: Supply;
  byStreet: { area: AreaRef | null; supply: Supply }[];
  byCommunity: { area: AreaRef | null; supply: Supply }[];
  byGrid: { id: number | null; code: string | null; name: string; supply: Supply }[];
};

export type GapReason = "far" | "barrier" | "no-way";
export type WalkGap = {
  rank: number;
  people: WalkPeople;
  reason: GapReason;
  nearestMetres: number | null;
  nearestFacility: number | null;
  nearestName: string | null;
  nearestNameEn: string | null;
  place: Place;
};
export type WalkGaps = {
  facilityType: string;
  metres: number;
  minutes: number | null;
  profile: string | null;
  metresPerMinute: number;
  version: string;
  uncovered: WalkPeople;
  offNetwork: WalkPeople;
  count: number;
  gaps: FeatureCollection<MultiPolygon, WalkGap>;
};

export type FacilityChange = { op: "add" | "move" | "close"; id?: number | null; lon?: number | null; lat?: number | null };
export type WhatIf = {
  facilityType: string;
  changes: FacilityChange[];
  tier?: string | null;
  minutes?: number | null;
  radiusMetres?: number | null;
  profile?: string | null;
  metresPerMinute?: number | null;
  areaId?: number | null;
  coord?: string | null;
  serviceItem?: string | null;
  openAt?: string | null;
};
export type WhatIfAnswer = {
  metres: number;
  minutes: number | null;
  profile: string | null;
  metresPerMinute: number;
  version: string;
  today: WalkCover;
  scenario: WalkCover;
  gained: number;
  lost: number;
  byStreet: { area: AreaRef | null; today: WalkCover; scenario: WalkCover }[];
  byGrid: { id: number | null; code: string | null; name: string; residentsCoveredToday: number; residentsCovered: number }[];
};
export type ScenarioRef = {
  id: number;
  name: string;
  note: string;
  facilityType: string;
  changes: number;
  owner: string;
  createdAt: string;
  updatedAt: string;
};
export type Scenario = {
  id: number;
  name: string;
  note: string;
  owner: string;
  createdAt: string;
  updatedAt: string;
  question: WhatIf;
};

export const objectives = ["cover", "median", "fewest", "center"] as const;
export type Objective = (typeof objectives)[number];
export const candidateKinds = ["streets", "compounds"] as const;
export type CandidateKind = (typeof candidateKinds)[number];
export const weights = ["residents", "elderly", "children", "households", "buildings"] as const;
export type Weight = (typeof weights)[number];
export const existingRules = ["keep", "movable", "ignore"] as const;
export type ExistingRule = (typeof existingRules)[number];
export type ChosenSite = { kind: "new" | "existing"; id: number | null; name: string; place: Place };
export type SitingResult = {
  objective: Objective;
  facilityType: string;
  metres: number;
  minutes: number | null;
  profile: string | null;
  metresPerMinute: number;
  weight: Weight;
  backup: number;
  version: string;
  seed: number;
  rounds: number;
  endedEarly: boolean;
  candidates: number;
  spacingMetres: number | null;
  existing: number;
  demand: number;
  outOfReach: number;
  offNetwork: number;
  unit: string;
  today: number | null;
  value: number;
  bound: number;
  gapPercent: number;
  isOptimal: boolean;
  sites: ChosenSite[];
  curve: number[];
  alternatives: { value: number; newSites: Place[] }[];
};
