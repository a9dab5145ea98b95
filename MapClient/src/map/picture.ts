// What the map is to show, as data. The style is a pure function of it; the map library is told only the differences.
import type { FeatureCollection, LineString, MultiLineString } from "geojson";
import type {
  ExpressionSpecification,
  GeoJSONSourceSpecification,
  LayerSpecification,
  SourceSpecification,
  StyleSpecification,
} from "maplibre-gl";
import type { Area, Basemap, CircleAnswer, GridFault, GridHeats, Place } from "../api/contract";
import type { Isochrone } from "../api/walking";
import type { PlanFault, PlanGrid, PlanMove } from "../api/planContract";
import type { Stand } from "../state/changes";
import type { Density } from "../state/answers.svelte";
import type { CoveragePicture } from "../state/coveragePicture";
import type { Fresh } from "../state/news.svelte";
import type { PlanView } from "../state/planShown.svelte";
import type { LayerKey, LayerSetting, SelectedKind, StatusFilter } from "../state/urlState";
import type { Language } from "../text/language.svelte";
import type { Palette, Theme } from "./palette";

/** How far people get on foot, by which way, and where facilities would stand. */
export type WalkingPicture = {
  isochrone: Isochrone | null;
  route: LineString | null;
  stands: Pick<Stand, "key" | "kind" | "place" | "from">[];
};

export type Picture = {
  theme: Theme;
  palette: Palette;
  language: Language;
  /** This minute, in seconds since 1970: tiles carry times that way. */
  now: number;
  /** Scheme, host and port: tile addresses are absolute. */
  origin: string;
  /** 1 on a desk; larger on a wall that is looked at from afar. */
  scale: number;
  layers: Record<LayerKey, LayerSetting>;
  heights: boolean;
  basemap: Basemap | null;
  /** The basemap's own style, once it has been fetched. */
  basemapStyle: StyleSpecification | null;
  areas: Area[];
  area: Area | null;
  selection: { kind: SelectedKind; id: number } | null;
  /** The net of the grid that is selected, when it is none of those drawn. */
  selectedNet: string | null;
  /** Type of facility → its group, from the catalogue. */
  facilityGroups: Record<string, string>;
  /** The types that are drawn; null draws all. */
  facilityTypes: string[] | null;
  /** Of those that are drawn, the ones that an answer counts; the others are faint. Null where no answer counts any. */
  facilitiesCounted: number[] | null;
  /** Query of the incident tiles. */
  incidentQuery: string;
  incidentStatus: StatusFilter;
  fresh: Fresh[];
  circle: CircleAnswer | null;
  coverage: CoveragePicture | null;
  walking: WalkingPicture | null;
  density: Density | null;
  /** The day whose grids are drawn; null for those of now. */
  gridsDay: string | null;
  gridColours: { id: number; colour: string }[] | null;
  gridHeats: GridHeats | null;
  plan: {
    grids: PlanGrid[];
    before: PlanGrid[];
    moves: PlanMove[];
    preview: { grids: PlanGrid[]; gone: string[] } | null;
    selected: string[];
    hovered: string | null;
    view: PlanView;
    netBorders: MultiLineString | null;
    /** A colour for each grid by its key; null to colour by the band. */
    colours: Record<string, string> | null;
    words: Record<Language, string>;
  } | null;
  faults: (GridFault | PlanFault)[];
  hint: Place | null;
};

/** In whole minutes, so that the style, and with it the whole map, is not made anew more often. */
export const minuteOf = (milliseconds: number) => Math.floor(milliseconds / 60_000) * 60;

/** From the bottom to the top; every layer file says on which shelf each of its drawings lies. */
export const shelves = ["ground", "shade", "built", "ways", "borders", "answer", "marks", "names", "top"] as const;
export type Shelf = (typeof shelves)[number];
export type Drawing = LayerSpecification & { shelf: Shelf };
export type Contribution = { sources: Record<string, SourceSpecification>; drawings: Drawing[] };

/** Large shapes stop at a lower `maxzoom`: the fewer tiles cut them, the fewer times they are named; half a metre stays exact enough to draw. */
export const tiles = (picture: Picture, layer: string, query = "", maxzoom = 16): SourceSpecification => ({
  type: "vector",
  tiles: [`${picture.origin}/tiles/${layer}/{z}/{x}/{y}.mvt${query}`],
  minzoom: 0,
  maxzoom,
});

export const nothing: FeatureCollection = { type: "FeatureCollection", features: [] };
export const drawn = (data: FeatureCollection): SourceSpecification => ({ type: "geojson", data, promoteId: "id" });

// The source is marked and not its data: `nothing` is the data of many, and most of them go by the style.
const byIdentity = new WeakSet<object>();
/** Much data: the map takes it over when it is another object than before, and looks into it at no other time. See `remembering`. */
export const held = (data: FeatureCollection): SourceSpecification => {
  const source = drawn(data);
  byIdentity.add(source);
  return source;
};
export const isHeld = (source: SourceSpecification): source is GeoJSONSourceSpecification & { data: FeatureCollection } =>
  byIdentity.has(source);

const mostRemembered = 4;
/** Makes nothing twice: the same things as one of the last times are answered with the same object. */
export function remembering<Given extends unknown[], Made>(make: (...given: Given) => Made): (...given: Given) => Made {
  let known: { given: Given; made: Made }[] = [];
  return (...given) => {
    const before = known.find((one) => one.given.every((value, i) => value === given[i]));
    const now = before ?? { given, made: make(...given) };
    known = [now, ...known.filter((one) => one !== now)].slice(0, mostRemembered);
    return now.made;
  };
}

/** Names of fonts carry the weight: the library reads it from the first one, the browser takes the first that exists. */
const families = ["-apple-system", "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "sans-serif"];
export const font = (weight: "Regular" | "Medium" | "Bold" = "Regular"): string[] => [`GridMap ${weight}`, ...families];

/** How a tile row's name is written in the language of the moment. */
export const nameIn = (picture: Picture): ExpressionSpecification => {
  const name: ExpressionSpecification = ["coalesce", ["get", "name"], ""];
  const english: ExpressionSpecification = ["coalesce", ["get", "nameEn"], ""];
  return picture.language === "en" ? ["case", ["!=", english, ""], english, name] : name;
};

export const visible = (setting: LayerSetting) => (setting.on ? ("visible" as const) : ("none" as const));
