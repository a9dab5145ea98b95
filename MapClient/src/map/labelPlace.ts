import type { Polygon, Position } from "geojson";

/** A place inside a polygon with room to both sides: of some lines across it, the middle of the longest piece within. Pure. */
export function labelPlace({ coordinates }: Polygon): [number, number] {
  const shell = coordinates[0] ?? [];
  const lats = shell.map((at) => at[1] ?? 0);
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  let best: [number, number] = [shell[0]?.[0] ?? 0, shell[0]?.[1] ?? 0];
  let widest = -1;
  for (const share of [0.5, 0.42, 0.58, 0.33, 0.67, 0.2, 0.8]) {
    const lat = south + (north - south) * share;
    const crossings = coordinates.flatMap((ring) => crossed(ring, lat)).sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const [west = 0, east = 0] = crossings.slice(i, i + 2);
      // The middle is worth a little more than the rim.
      const worth = (east - west) * (1 - Math.abs(share - 0.5));
      if (worth > widest) {
        widest = worth;
        best = [(west + east) / 2, lat];
      }
    }
  }
  return best;
}
const crossed = (ring: Position[], lat: number): number[] =>
  ring.flatMap((b, i) => {
    const a = ring[i - 1];
    if (!a) return [];
    const [ax = 0, ay = 0] = a;
    const [bx = 0, by = 0] = b;
    return ay > lat === by > lat ? [] : [ax + ((bx - ax) * (lat - ay)) / (by - ay)];
  });
