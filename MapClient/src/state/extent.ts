import type { Geometry, Position } from "geojson";
import type { Bbox, Place } from "../api/contract";

const positions = (geometry: Geometry): Position[] =>
  geometry.type === "GeometryCollection"
    ? geometry.geometries.flatMap(positions)
    : ([geometry.coordinates].flat(4) as unknown as number[]).reduce<Position[]>(pairUp, []);

function pairUp(pairs: Position[], value: number): Position[] {
  const last = pairs.at(-1);
  if (last?.length === 1) last.push(value);
  else pairs.push([value]);
  return pairs;
}

/** The box around a geometry with two-dimensional positions; null when it has none. */
export function bboxOf(geometry: Geometry): Bbox | null {
  const all = positions(geometry);
  if (!all.length) return null;
  const bbox: Bbox = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon = 0, lat = 0] of all) {
    bbox[0] = Math.min(bbox[0], lon);
    bbox[1] = Math.min(bbox[1], lat);
    bbox[2] = Math.max(bbox[2], lon);
    bbox[3] = Math.max(bbox[3], lat);
  }
  return bbox;
}
export const middleOf = ([west, south, east, north]: Bbox): Place => ({ lon: (west + east) / 2, lat: (south + north) / 2 });
/** The same box with a rim around it, and more of it to the north, where tools lie on the map. */
export const roomy = ([west, south, east, north]: Bbox): Bbox => {
  const [wide, high] = [east - west, north - south];
  return [west - wide * 0.1, south - high * 0.1, east + wide * 0.1, north + high * 0.32];
};
