// Sums and orders over the grids of a plan. Pure.
import type { PlanEdited, PlanFault, PlanGrid, PlanMove } from "../api/planContract";

export type Band = { least: number; most: number };

/** How far a grid is from the band, as a share of its middle: 0 inside, below 0 too few, above 0 too many. */
export const deviation = (households: number, { least, most }: Band): number => {
  const middle = (least + most) / 2 || 1;
  return households > most ? (households - most) / middle : households < least ? (households - least) / middle : 0;
};

export const sortings = ["deviation", "name", "households", "residents", "area", "buildings", "load"] as const;
export type Sorting = (typeof sortings)[number];
const measured: Record<Exclude<Sorting, "deviation" | "name">, (grid: PlanGrid) => number> = {
  households: (grid) => grid.households,
  residents: (grid) => grid.residents,
  area: (grid) => grid.areaSquareMetres,
  buildings: (grid) => grid.buildings,
  load: (grid) => grid.incidents12Months,
};
/** Largest first, names from the least; equals by key, so that an edit moves no row without need. */
export function sorted(grids: readonly PlanGrid[], by: Sorting, band: Band): PlanGrid[] {
  const byKey = (a: PlanGrid, b: PlanGrid) => a.key.localeCompare(b.key, "en", { numeric: true });
  if (by === "name") return [...grids].sort(byKey);
  const size = by === "deviation" ? (grid: PlanGrid) => Math.abs(deviation(grid.households, band)) : measured[by];
  return [...grids].sort((a, b) => size(b) - size(a) || byKey(a, b));
}

export type Totals = {
  grids: number;
  households: number;
  residents: number;
  buildings: number;
  load: number;
  areaSquareMetres: number;
  inBand: number;
  tooLarge: number;
  tooSmall: number;
  changed: number;
  /** Standard deviation of the households over their mean, in percent; null without households. */
  unevenPercent: number | null;
};
export function totalsOf(grids: readonly PlanGrid[]): Totals {
  const sum = (of: (grid: PlanGrid) => number) => grids.reduce((total, grid) => total + of(grid), 0);
  const households = sum((grid) => grid.households);
  const mean = grids.length ? households / grids.length : 0;
  const spread = Math.sqrt(grids.length ? sum((grid) => (grid.households - mean) ** 2) / grids.length : 0);
  const count = (mesh: PlanGrid["mesh"]) => grids.filter((grid) => grid.mesh === mesh).length;
  return {
    grids: grids.length,
    households,
    residents: sum((grid) => grid.residents),
    buildings: sum((grid) => grid.buildings),
    load: sum((grid) => grid.incidents12Months),
    areaSquareMetres: sum((grid) => grid.areaSquareMetres),
    inBand: count("in-band"),
    tooLarge: count("too-large"),
    tooSmall: count("too-small"),
    changed: grids.filter((grid) => grid.changed).length,
    unevenPercent: mean > 0 ? (spread / mean) * 100 : null,
  };
}

/** The grids after an edit: those it made different are replaced or added, those it took away are gone. */
export function withEdit(grids: readonly PlanGrid[], { touched, gone }: Pick<PlanEdited, "touched" | "gone">): PlanGrid[] {
  const now = new Map(touched.map((grid) => [grid.key, grid]));
  const out = new Set(gone);
  const kept = grids.filter(({ key }) => !out.has(key)).map((grid) => now.get(grid.key) ?? grid);
  const known = new Set(kept.map(({ key }) => key));
  return [...kept, ...touched.filter(({ key }) => !known.has(key))];
}
/** The faults after an edit: what was said of the grids it touched is said anew. */
export function faultsAfter(faults: readonly PlanFault[], edited: Pick<PlanEdited, "touched" | "gone" | "faults">): PlanFault[] {
  const stale = new Set([...edited.touched.map(({ key }) => key), ...edited.gone]);
  const kept = faults.filter(({ grids }) => !grids.some((key) => stale.has(key)));
  return [...edited.faults, ...kept].sort((a, b) => (a.severity === b.severity ? 0 : a.severity === "blocking" ? -1 : 1));
}

const apart = (a: PlanGrid, b: PlanGrid) =>
  a.bbox[0] > b.bbox[2] || b.bbox[0] > a.bbox[2] || a.bbox[1] > b.bbox[3] || b.bbox[1] > a.bbox[3];
/** Of the grids beside one, in its area, that with fewest households: what a mesh too small is best merged with. */
export function smallestNeighbour(own: PlanGrid, grids: readonly PlanGrid[]): PlanGrid | undefined {
  const corners = new Set(own.geometry?.coordinates.flat().map((at) => at.join()));
  return grids
    .filter((grid) => grid !== own && grid.area.id === own.area.id && !apart(grid, own))
    .filter((grid) => (grid.geometry?.coordinates.flat().filter((at) => corners.has(at.join())).length ?? 0) > 1)
    .sort((a, b) => a.households - b.households)[0];
}

/** The grids of an edit that are worth a look first: all of a few, of many those farthest from the band. */
export function worstFirst(grids: readonly PlanGrid[], band: Band, few: number): { shown: PlanGrid[]; rest: PlanGrid[] } {
  if (grids.length <= few) return { shown: [...grids], rest: [] };
  const ordered = sorted(grids, "deviation", band);
  return { shown: ordered.slice(0, few), rest: ordered.slice(few) };
}

export type Improved = {
  /** By how many more grids are in the band. */
  inBand: number;
  /** By how many households the grids are nearer to it together. */
  nearer: number;
  /** By how many households the largest and the smallest of them are nearer to each other. */
  evener: number;
  /** By how much more compact they are on average. */
  compact: number;
};
/** What an edit makes better of the grids that it touches; below 0 what it makes worse. */
export function improvedBy(grids: readonly PlanGrid[], edited: Pick<PlanEdited, "touched" | "gone">, band: Band): Improved {
  const keys = new Set([...edited.touched.map(({ key }) => key), ...edited.gone]);
  const measure = (of: readonly PlanGrid[]) => {
    const households = of.map((grid) => grid.households);
    const outside = (n: number) => (n > band.most ? n - band.most : n < band.least ? band.least - n : 0);
    return {
      inBand: of.filter(({ mesh }) => mesh === "in-band").length,
      outside: households.reduce((sum, n) => sum + outside(n), 0),
      range: of.length ? Math.max(...households) - Math.min(...households) : 0,
      compactness: of.length ? of.reduce((sum, grid) => sum + grid.compactness, 0) / of.length : 0,
    };
  };
  const before = measure(grids.filter(({ key }) => keys.has(key)));
  const after = measure(edited.touched);
  return {
    inBand: after.inBand - before.inBand,
    nearer: before.outside - after.outside,
    evener: before.range - after.range,
    compact: after.compactness - before.compactness,
  };
}

/** A grid's name in two parts: its area's, which many share, and what tells it from them. */
export const nameParts = ({ name, area }: Pick<PlanGrid, "name" | "area">): [shared: string, own: string] =>
  [area.name, area.nameEn].flatMap<[string, string]>((shared) =>
    shared && name.startsWith(shared) && name.length > shared.length ? [[shared, name.slice(shared.length).trim()]] : [],
  )[0] ?? ["", name];

const cell = (value: string | number): string => {
  const text = String(value);
  // A code of digits alone would be rounded by spreadsheets; so would one that begins like a formula be run.
  const safe = /^\d{12,}$/.test(text) ? `="${text}"` : /^[=+\-@]/.test(text) && typeof value === "string" ? `'${text}` : text;
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
/** A table as spreadsheets read it: UTF-8 with its mark, lines by CR LF. */
export const csv = (rows: (string | number)[][]): string => `\uFEFF${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;

type Holder = PlanMove["dutyBefore"][number];
const isSame = (a: Holder[], b: Holder[]): boolean =>
  a.length === b.length && a.every((one) => b.some((other) => one.role === other.role && one.person === other.person));
/** Land for which others answer than before, or nobody does. */
export const handed = (moves: readonly PlanMove[]): PlanMove[] =>
  moves.filter(({ dutyBefore, dutyAfter }) => !dutyAfter.length || !isSame(dutyBefore, dutyAfter));
/** Grids that nobody answers for. */
export const unattended = (moves: readonly PlanMove[]): string[] => [
  ...new Set(moves.filter(({ dutyAfter }) => !dutyAfter.length).map(({ to }) => to)),
];

export const moveRows = (moves: readonly PlanMove[], people: (holders: Holder[]) => string): (string | number)[][] =>
  moves.map((move) => [
    move.from,
    move.to,
    Math.round(move.areaSquareMetres),
    move.households,
    move.residents,
    move.openIncidents,
    people(move.dutyBefore),
    people(move.dutyAfter),
  ]);
