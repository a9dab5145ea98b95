import type { Place } from "../api/contract";

/** "119.948, 31.78" with any of the separators people type; null when it is no place on Earth. */
export function readPlace(text: string): Place | null {
  const parts = text
    .trim()
    .split(/[\s,,;;]+/)
    .filter(Boolean);
  if (parts.length !== 2) return null;
  const [lon, lat] = parts.map(Number);
  if (lon === undefined || lat === undefined || !Number.isFinite(lon) || !Number.isFinite(lat)) return null;
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? { lon, lat } : null;
}
