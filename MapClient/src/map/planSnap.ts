// Where a drawn point belongs: on a vertex, on a border, on a street, or where it is. Pure; distances in a local plane good to a few kilometres.
import type { Position } from "geojson";
import type { PlanGrid } from "../api/planContract";

export type Street = { name: string; nameEn: string; bbox: PlanGrid["bbox"]; line: Position[] };
export type Snap = { at: [number, number]; kind: "vertex" | "border"; grids: string[] } | OnStreet;
export type OnStreet = { at: [number, number]; kind: "street"; grids: string[]; street: Street };
type Outlined = Pick<PlanGrid, "key" | "bbox" | "geometry" | "area">;

const metresPerDegree = 111_195;
export const metresBetween = ([ax = 0, ay = 0]: Position, [bx = 0, by = 0]: Position): number =>
  Math.hypot((bx - ax) * Math.cos((ay * Math.PI) / 180), by - ay) * metresPerDegree;

const near = ([west, south, east, north]: Outlined["bbox"], [lon = 0, lat = 0]: Position, metres: number): boolean => {
  const high = metres / metresPerDegree;
  const wide = high / Math.cos((lat * Math.PI) / 180);
  return lon >= west - wide && lon <= east + wide && lat >= south - high && lat <= north + high;
};

/** The point of the segment that is nearest. */
function footOn(p: Position, a: Position, b: Position): [number, number] {
  const [px = 0, py = 0] = p;
  const [ax = 0, ay = 0] = a;
  const [bx = 0, by = 0] = b;
  const squeeze = Math.cos((py * Math.PI) / 180);
  const [ux, uy, vx, vy] = [(bx - ax) * squeeze, by - ay, (px - ax) * squeeze, py - ay];
  const length = ux * ux + uy * uy;
  const along = length === 0 ? 0 : Math.max(0, Math.min(1, (ux * vx + uy * vy) / length));
  return [ax + along * (bx - ax), ay + along * (by - ay)];
}

/** The nearest vertex within reach, else the nearest place on a border, with all grids that meet there; else a street, else null. */
export function snap(p: Position, metres: number, grids: readonly Outlined[], streets: readonly Street[] = []): Snap | null {
  let vertex: [number, number] | null = null;
  let border: [number, number] | null = null;
  let toVertex = metres;
  let toBorder = metres;
  for (const { bbox, geometry } of grids) {
    if (!geometry || !near(bbox, p, metres)) continue;
    for (const ring of geometry.coordinates) {
      for (let i = 1; i < ring.length; i++) {
        const a = ring[i - 1] as Position;
        const b = ring[i] as Position;
        const reach = metresBetween(p, b);
        if (reach <= toVertex) {
          toVertex = reach;
          vertex = [b[0] ?? 0, b[1] ?? 0];
        }
        const foot = footOn(p, a, b);
        const away = metresBetween(p, foot);
        if (away < toBorder) {
          toBorder = away;
          border = foot;
        }
      }
    }
  }
  const at = vertex ?? border;
  return at ? { at, kind: vertex ? "vertex" : "border", grids: gridsAt(at, grids) } : snapToStreet(p, metres, streets);
}

/** A bend or an end of a street, else the nearest place on one. Streets bend often: their bends reach half as far, or the point would jump along from one to the next. */
export function snapToStreet(p: Position, metres: number, streets: readonly Street[]): OnStreet | null {
  let bend: OnStreet | null = null;
  let along: OnStreet | null = null;
  let toBend = metres / 2;
  let toStreet = metres;
  for (const street of streets) {
    if (!near(street.bbox, p, metres)) continue;
    street.line.forEach((b, i) => {
      const reach = metresBetween(p, b);
      if (reach <= toBend) {
        toBend = reach;
        bend = { at: [b[0] ?? 0, b[1] ?? 0], kind: "street", grids: [], street };
      }
      if (i === 0) return;
      const foot = footOn(p, street.line[i - 1] as Position, b);
      const away = metresBetween(p, foot);
      if (away < toStreet) {
        toStreet = away;
        along = { at: foot, kind: "street", grids: [], street };
      }
    });
  }
  return bend ?? along;
}

/** Grids whose border passes here, within the rounding of a click taken to a border. */
export function gridsAt(p: Position, grids: readonly Outlined[], metres = 0.3): string[] {
  return grids
    .filter(({ bbox, geometry }) => geometry && near(bbox, p, metres) && onBorder(p, geometry.coordinates, metres))
    .map(({ key }) => key);
}
const onBorder = (p: Position, rings: Position[][], metres: number): boolean =>
  rings.some((ring) => ring.some((b, i) => i > 0 && metresBetween(p, footOn(p, ring[i - 1] as Position, b)) <= metres));

/** The grid that a place lies in. */
export function gridAround([lon = 0, lat = 0]: Position, grids: readonly Outlined[]): string | null {
  for (const { key, bbox, geometry } of grids) {
    if (!geometry || lon < bbox[0] || lon > bbox[2] || lat < bbox[1] || lat > bbox[3]) continue;
    let inside = false;
    for (const ring of geometry.coordinates) {
      for (let i = 1; i < ring.length; i++) {
        const [ax = 0, ay = 0] = ring[i - 1] as Position;
        const [bx = 0, by = 0] = ring[i] as Position;
        if (ay > lat !== by > lat && lon < ((bx - ax) * (lat - ay)) / (by - ay) + ax) inside = !inside;
      }
    }
    if (inside) return key;
  }
  return null;
}

export type Corner = { at: [number, number]; grids: string[]; ends: Position[] };

/** Vertices that may be moved: on a border between two grids of one area. With the vertices they are joined to. */
export function movableCorners(grids: readonly Outlined[]): Corner[] {
  const corners = new Map<string, Corner & { areas: Set<number>; sides: number; ways: Set<string> }>();
  for (const { key, area, geometry } of grids) {
    for (const ring of geometry?.coordinates ?? []) {
      for (let i = 0; i < ring.length - 1; i++) {
        const at = ring[i] as Position;
        const name = at.join();
        let corner = corners.get(name);
        if (!corner)
          corners.set(
            name,
            (corner = { at: [at[0] ?? 0, at[1] ?? 0], grids: [], ends: [], areas: new Set(), sides: 0, ways: new Set() }),
          );
        corner.grids.push(key);
        corner.areas.add(area.id);
        for (const end of [ring[i === 0 ? ring.length - 2 : i - 1], ring[i + 1]] as Position[]) {
          corner.sides++;
          if (corner.ways.has(end.join())) continue;
          corner.ways.add(end.join());
          corner.ends.push(end);
        }
      }
    }
  }
  // A border between two grids is told twice, once by each; the outer border only once.
  return [...corners.values()]
    .filter(({ sides, ends, areas }) => areas.size === 1 && sides === ends.length * 2)
    .map(({ at, grids: around, ends }) => ({ at, grids: around, ends }));
}

/** The two grids whose border a line from border to border is meant to move: those it begins and ends on; of several, the one it runs through. */
export function pairOf(line: Position[], grids: readonly Outlined[]): [string, string] | null {
  const first = line[0];
  const last = line.at(-1);
  if (!first || !last) return null;
  const ends = gridsAt(last, grids, 1);
  const common = gridsAt(first, grids, 1).filter((key) => ends.includes(key));
  if (common.length < 2) return null;
  const [a, b] = common;
  if (common.length === 2) return [a as string, b as string];
  const middle = line.length > 2 ? (line[Math.floor(line.length / 2)] as Position) : first;
  const within = gridAround(
    middle,
    grids.filter(({ key }) => common.includes(key)),
  );
  const other = within && common.find((key) => key !== within);
  return within && other ? [within, other] : null;
}
