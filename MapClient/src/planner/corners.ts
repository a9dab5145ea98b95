import { readPlace } from "../state/place";

/** Corners typed one a line, the way the keyboard draws; null when a line is no place or there are fewer than three. */
export function readCorners(text: string): [lon: number, lat: number][] | null {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  const places = lines.map(readPlace);
  if (places.length < 3 || places.length > 2000) return null;
  const corners: [number, number][] = [];
  for (const place of places) {
    if (!place) return null;
    corners.push([place.lon, place.lat]);
  }
  return corners;
}
