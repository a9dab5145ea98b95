import type { Polygon, Position } from "geojson";

type At = [lon: number, lat: number];
type Ground = { edges: [number, number, number, number][]; breadth: number };

/** Labels are broader than high: so much more room they need to the sides. */
const breadth = 1.7;
const shares = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9];
const refinings = 4;
const known = new WeakMap<Polygon, At>();

/** The place inside a polygon that is farthest from its borders, nearly, so that a label there lies over none of them if there is room. */
export function labelPlace(polygon: Polygon): At {
  const place = known.get(polygon) ?? roomiest(polygon);
  known.set(polygon, place);
  return place;
}

function roomiest({ coordinates }: Polygon): At {
  const shell = coordinates[0] ?? [];
  const lats = shell.map((at) => at[1] ?? 0);
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  const ground: Ground = {
    edges: coordinates.flatMap((ring) =>
      ring.slice(1).map(([x = 0, y = 0], i): [number, number, number, number] => {
        const [fromX = 0, fromY = 0] = ring[i] ?? [];
        return [fromX, fromY, x, y];
      }),
    ),
    breadth: Math.cos((((south + north) / 2) * Math.PI) / 180) / breadth,
  };
  let best: At = [shell[0]?.[0] ?? 0, shell[0]?.[1] ?? 0];
  let room = -1;
  const look = (at: At) => {
    const found = roomAt(at, ground);
    if (found > room) [best, room] = [at, found];
  };
  for (const share of shares) {
    const lat = south + (north - south) * share;
    const crossings = coordinates.flatMap((ring) => crossed(ring, lat)).sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const [west = 0, east = 0] = crossings.slice(i, i + 2);
      for (const along of [0.5, 0.25, 0.75]) look([west + (east - west) * along, lat]);
    }
  }
  // From the best of them on, nearer steps up, down and to the sides: further than the borders nobody gets.
  for (let step = 0, [stepX, stepY] = [room / ground.breadth / 2, room / 2]; step < refinings; step++, stepX /= 2, stepY /= 2) {
    const [x, y] = best;
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const)
      look([x + dx * stepX, y + dy * stepY]);
  }
  return best;
}

/** How far the nearest border is. */
function roomAt([x, y]: At, { edges, breadth }: Ground): number {
  let least = Infinity;
  for (const [ax, ay, bx, by] of edges) {
    const [ux, uy, px, py] = [(bx - ax) * breadth, by - ay, (x - ax) * breadth, y - ay];
    const length = ux * ux + uy * uy;
    const along = length ? Math.max(0, Math.min(1, (px * ux + py * uy) / length)) : 0;
    const [dx, dy] = [px - along * ux, py - along * uy];
    least = Math.min(least, dx * dx + dy * dy);
  }
  return Math.sqrt(least);
}

const crossed = (ring: Position[], lat: number): number[] =>
  ring.flatMap((b, i) => {
    const a = ring[i - 1];
    if (!a) return [];
    const [ax = 0, ay = 0] = a;
    const [bx = 0, by = 0] = b;
    return ay > lat === by > lat ? [] : [ax + ((bx - ax) * (lat - ay)) / (by - ay)];
  });
