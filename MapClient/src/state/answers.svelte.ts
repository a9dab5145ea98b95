// Answers of the server that the map draws. Panels put them here, layers read them; null draws nothing.
import type { Feature, LineString, Polygon } from "geojson";
import type {
  CircleAnswer,
  CoverageAnswer,
  DensityContours,
  DensityHeader,
  GridDetail,
  GridFault,
  GridHeats,
  Place,
} from "../api/contract";
import type { Catchment, CountedFacilities, Isochrone, SitingResult, WalkCoverage, WalkGaps } from "../api/walking";
import type { Theme } from "./symbology";

export type Density = { header: DensityHeader; bbox: number[]; image: Record<Theme, string>; contours: DensityContours };

type Answers = {
  circle: CircleAnswer | null;
  coverage: CoverageAnswer | null;
  walkCoverage: WalkCoverage | null;
  walkGaps: WalkGaps | null;
  catchment: Catchment | null;
  /** The facilities of the kind that coverage is about, and which of them count. */
  counted: CountedFacilities | null;
  isochrone: Isochrone | null;
  siting: SitingResult | null;
  /** The way on foot to one facility. */
  route: LineString | null;
  density: Density | null;
  gridHeats: GridHeats | null;
  /** The grid whose card is open. */
  grid: GridDetail | null;
  /** The polygon being drawn and what the server finds wrong with it. */
  draft: Feature<Polygon> | null;
  faults: GridFault[];
  /** Where a new incident will be reported. */
  reportPlace: Place | null;
  /** What the pointer or the keyboard is on in a list. */
  hint: Place | null;
};
export const answers = $state<Answers>({
  circle: null,
  coverage: null,
  walkCoverage: null,
  walkGaps: null,
  catchment: null,
  counted: null,
  isochrone: null,
  siting: null,
  route: null,
  density: null,
  gridHeats: null,
  grid: null,
  draft: null,
  faults: [],
  reportPlace: null,
  hint: null,
});
