// What the server sends and takes, by the names of docs/api.md.
import type { FeatureCollection, LineString, MultiLineString, MultiPolygon, Point, Polygon } from "geojson";

export type Bbox = [west: number, south: number, east: number, north: number];
export type Place = { lon: number; lat: number };
export type AreaLevel = "city" | "district" | "street" | "community";
export type AreaRef = { id: number; code: string; name: string; nameEn: string; level: AreaLevel };
export type GridRef = { id: number; net: string; code: string; name: string; kind: string };
export type Person = { role: string; person: string; phone?: string | null };
export type Page<T> = { items: T[]; next: string | null };

export type Basemap = {
  kind: "raster" | "style";
  url: string;
  attribution: string;
  datum: string;
  maxZoom: number;
};
export type City = {
  name: string;
  nameEn: string;
  divisionCode: string;
  timeZone: string;
  metricSrid: number;
  walkMetresPerMinute: number;
  bbox: Bbox | null;
  counts: {
    areas: number;
    grids: number;
    buildings: number;
    facilities: number;
    incidents: number;
    roads: number;
    populationCells: number;
  };
  incidentsFrom: string | null;
  incidentsTo: string | null;
  basemap: Basemap | null;
  version: string;
};
export type Area = AreaRef & {
  parentId: number | null;
  bbox: Bbox;
  place: Place;
  households: number;
  residents: number;
  buildings: number;
  grids: number;
  areaSquareMetres: number;
};
export type AreaDetail = Area & { chain: AreaRef[]; people: Person[] };
export type CatalogueEntry = {
  code: string;
  name: string;
  nameEn: string;
  parentCode: string | null;
  source: string;
  confidence: string;
  profile: string;
};
export type Department = { id: number; code: string; name: string; nameEn: string };
export type FoundKind = "area" | "grid" | "compound" | "building" | "facility" | "incident" | "road";
export type Found = { kind: FoundKind; id: number; code: string; name: string; detail: string; place: Place; bbox: Bbox | null };

export type CategoryCount = { category: string; name: string; nameEn: string; count: number };
export type Summary = {
  from: string;
  to: string;
  at: string;
  open: number;
  overdue: number;
  reported: number;
  closed: number;
  closedOnTime: number;
  onTimePercent: number | null;
  urgentOpen: number;
  reportedBefore: number;
  closedBefore: number;
  byHour: { at: string; reported: number; closed: number }[];
  byCategory: CategoryCount[];
  /** Without an area: reported outside every street. */
  byStreet: { area: AreaRef | null; reported: number; open: number; overdue: number }[];
};

export type Located = {
  place: Place;
  areas: AreaRef[];
  grids: (GridRef & { people: Person[] })[];
  compound: { id: number; code: string; name: string } | null;
  building: { id: number; code: string; name: string; address: string } | null;
};

export type CircleAnswer = {
  place: Place;
  radiusMetres: number;
  minutes: number | null;
  walkMetresPerMinute: number;
  at: string;
  buildings: { count: number; households: number; residents: number; elderly: number; children: number };
  incidents: { count: number; open: number; byCategory: CategoryCount[] };
  facilities: {
    count: number;
    byType: { type: string; name: string; nameEn: string; count: number }[];
    items: { id: number; name: string; type: string; tier: string; place: Place; distanceMetres: number }[];
  };
  grids: (GridRef & { areaSquareMetres: number; shareOfGrid: number; shareOfCircle: number })[];
  areaSquareMetres: number;
  outline: Polygon;
};

export type Cover = {
  buildings: number;
  buildingsCovered: number;
  households: number;
  householdsCovered: number;
  residents: number;
  residentsCovered: number;
  residentsPercent: number | null;
};
export type Gap = { residents: number; households: number; buildings: number; nearestMetres: number | null };
export type CoverageAnswer = {
  facilityType: string;
  facilities: number;
  noneReason: string | null;
  radiusMetres: number;
  method: string;
  total: Cover;
  byStreet: ({ area: AreaRef | null } & Cover)[];
  byCommunity: ({ area: AreaRef | null } & Cover)[];
  /** Without an id: the buildings that lie in no grid. */
  byGrid: ({ id: number | null; code: string | null; name: string } & Cover)[];
  gaps: FeatureCollection<Polygon | MultiPolygon, Gap>;
};

export type DensityHeader = {
  from: string;
  to: string;
  count: number;
  kernel: string;
  bandwidthMetres: number;
  cellMetres: number;
  unit: string;
  max: number;
  bbox: Bbox | null;
};
export type DensityContours = FeatureCollection<Polygon | MultiPolygon, { from: number; to: number | null }>;
export type GridHeat = {
  id: number;
  code: string;
  name: string;
  place: Place;
  count: number;
  per1000Residents: number | null;
  perSquareKilometre: number;
  before: number;
  changePercent: number | null;
};
export type GridHeats = { from: string; to: string; count: number; unlocated: number; grids: GridHeat[] };

export const incidentStatuses = ["reported", "accepted", "assigned", "in-progress", "solved", "closed", "rejected"] as const;
export type IncidentStatus = (typeof incidentStatuses)[number];
export const severities = ["low", "normal", "high", "urgent"] as const;
export type Severity = (typeof severities)[number];
export const sources = ["grid-worker", "hotline", "public", "camera", "department", "import"] as const;
export type Source = (typeof sources)[number];

export type Incident = {
  id: number;
  number: string;
  category: string;
  categoryName: string;
  categoryNameEn: string;
  source: Source;
  status: IncidentStatus;
  severity: Severity;
  title: string;
  description: string;
  address: string;
  place: Place;
  reportedAt: string;
  dueAt: string | null;
  closedAt: string | null;
  overdue: boolean;
  grid: GridRef | null;
  area: AreaRef | null;
  department: { id: number; code: string; name: string } | null;
};
export type IncidentStep = { at: string; actor: string; fromStatus: IncidentStatus | null; toStatus: IncidentStatus; note: string };
export type IncidentDetail = Incident & { steps: IncidentStep[]; allowedStatuses: IncidentStatus[] | null };
export type IncidentReport = {
  category: string;
  lon: number;
  lat: number;
  title?: string;
  description?: string;
  address?: string;
  severity?: Severity;
  source?: Source;
};
export type IncidentWork = { status?: IncidentStatus; note?: string; departmentId?: number; severity?: Severity };

export type GridDetail = GridRef & {
  area: AreaRef;
  households: number | null;
  residents: number | null;
  buildings: number;
  areaSquareMetres: number;
  perimeterMetres: number;
  compactness: number;
  validFrom: string | null;
  validTo: string | null;
  people: Person[];
  incidents12Months: number;
  bbox: Bbox;
};
export type GridFault = { code: string; message: string; areaSquareMetres: number | null; place: Place | null; grids: string[] };
export type GridDraft = {
  type: "Feature";
  geometry: Polygon;
  properties: { name: string; net: "base"; kind: "base" | "special" | "micro"; areaId?: number; code?: string };
};

export type Role = "reader" | "reporter" | "operator" | "planner" | "administrator";
export type Me = { name: string; role: Role; areaId: number | null; signedIn: boolean };

/** One row of a layer as OGC API – Features tells it. */
export type LayerItem = {
  type: "Feature";
  id: number;
  geometry: Point | Polygon | MultiPolygon;
  properties: Record<string, unknown>;
};
export type Streets = {
  features: { geometry: LineString | MultiLineString; properties: { name: string | null; nameEn: string | null } }[];
  links: { rel: string }[];
};

export type Change = {
  table: string;
  op: "insert" | "update" | "delete";
  id: number;
  at: string;
  actor: string;
  feature: { type: "Feature"; id?: number; geometry: Point; properties: Record<string, unknown> } | null;
};
