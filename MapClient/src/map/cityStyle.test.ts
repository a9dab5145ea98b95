import { validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { plainLink } from "../state/urlState";
import { palettes, type Theme } from "./palette";
import type { Picture } from "./picture";

let cityStyle: typeof import("./cityStyle").cityStyle;
beforeAll(async () => {
  vi.stubGlobal("location", { origin: "http://127.0.0.1" });
  ({ cityStyle } = await import("./cityStyle"));
});

const square = {
  type: "Polygon" as const,
  coordinates: [
    [
      [119, 31],
      [120, 31],
      [120, 32],
      [119, 31],
    ],
  ],
};
const area = { id: 3, code: "320400", name: "常州市", nameEn: "Changzhou", level: "city" as const };
const people = { buildings: 1, households: 2, residents: 5, elderly: 1, children: 1 };
const bare = (theme: Theme): Picture => ({
  theme,
  palette: palettes[theme],
  language: "zh",
  now: 1_800_000_000,
  origin: "http://127.0.0.1",
  scale: 1,
  layers: plainLink().layers,
  heights: false,
  basemap: null,
  basemapStyle: null,
  areas: [],
  area: null,
  selection: null,
  selectedNet: null,
  facilityGroups: {},
  facilityTypes: null,
  facilitiesCounted: null,
  incidentQuery: "?status=open",
  incidentStatus: "open",
  fresh: [],
  circle: null,
  coverage: null,
  walking: null,
  density: null,
  gridsDay: null,
  gridColours: null,
  gridHeats: null,
  plan: null,
  faults: [],
  hint: null,
});
const full = (theme: Theme): Picture => ({
  ...bare(theme),
  facilitiesCounted: [1, 2],
  language: "en",
  heights: true,
  scale: 2,
  basemap: { kind: "raster", url: "http://127.0.0.1/{z}/{x}/{y}.png", attribution: "test", datum: "wgs84", maxZoom: 18 },
  areas: [
    {
      ...area,
      parentId: null,
      bbox: [119, 31, 120, 32],
      place: { lon: 119.5, lat: 31.5 },
      households: 1,
      residents: 1,
      buildings: 1,
      grids: 1,
      areaSquareMetres: 1,
    },
  ],
  selection: { kind: "grid", id: 4 },
  selectedNet: "police",
  facilityGroups: { clinic: "health", school: "education" },
  fresh: [
    {
      id: 1,
      at: 0,
      op: "insert",
      feature: { type: "Feature", geometry: { type: "Point", coordinates: [119, 31] }, properties: { id: 1 } },
    },
  ],
  circle: {
    place: { lon: 119, lat: 31 },
    radiusMetres: 300,
    minutes: 5,
    walkMetresPerMinute: 60,
    at: "2026-03-01T00:00:00Z",
    buildings: { count: 0, households: 0, residents: 0, elderly: 0, children: 0 },
    incidents: { count: 0, open: 0, byCategory: [] },
    facilities: {
      count: 1,
      byType: [],
      items: [{ id: 9, name: "a", type: "clinic", tier: "", place: { lon: 119, lat: 31 }, distanceMetres: 3 }],
    },
    grids: [],
    areaSquareMetres: 282_743,
    outline: square,
  },
  coverage: {
    by: "street",
    colours: [{ id: area.id, colour: "#1b6b74" }],
    gaps: { type: "FeatureCollection", features: [{ type: "Feature", geometry: square, properties: { id: 1, residents: 5 } }] },
  },
  walking: {
    stands: [{ key: "id:1", kind: "moved", place: { lon: 119, lat: 31 }, from: { lon: 119.1, lat: 31 } }],
    isochrone: {
      type: "FeatureCollection",
      method: "walking",
      combine: "union",
      heading: "towards",
      profile: "adult",
      metresPerMinute: 60,
      version: "1",
      coord: "wgs84",
      origins: [],
      offNetwork: people,
      features: [
        {
          type: "Feature",
          geometry: { type: "MultiPolygon", coordinates: [square.coordinates] },
          properties: {
            origin: null,
            minutes: 5,
            metres: 300,
            inside: people,
            circle: people,
            overClaimPercent: 0,
            grids: [],
            gridCount: 0,
          },
        },
      ],
    },
    route: {
      type: "LineString",
      coordinates: [
        [119, 31],
        [119.1, 31],
      ],
    },
  },
  density: {
    header: {
      from: "",
      to: "",
      count: 3,
      kernel: "gaussian",
      bandwidthMetres: 300,
      cellMetres: 50,
      unit: "incidents/km²",
      max: 3,
      bbox: [119, 31, 120, 32],
    },
    bbox: [119, 31, 120, 32],
    image: { light: "data:image/png;base64,", dark: "data:image/png;base64," },
    contours: { type: "FeatureCollection", features: [{ type: "Feature", geometry: square, properties: { from: 1, to: null } }] },
  },
  gridColours: [{ id: 4, colour: "#ff0000" }],
  faults: [{ code: "grid.overlap", message: "", areaSquareMetres: 3, place: { lon: 119, lat: 31 }, grids: ["1"] }],
  hint: { lon: 119, lat: 31 },
});

describe.each(["light", "dark"] as const)("the %s style", (theme) => {
  it("is a valid style, with nothing to show and with everything", () => {
    for (const picture of [bare(theme), full(theme)]) {
      const faults = validateStyleMin(cityStyle(picture)).map((fault) => fault.message);
      expect(faults).toEqual([]);
    }
  });
  it("draws every source and names every layer once", () => {
    const style = cityStyle(full(theme));
    const ids = style.layers.map((layer) => layer.id);
    expect(new Set(ids).size).toBe(ids.length);
    const used = new Set(style.layers.flatMap((layer) => ("source" in layer ? [layer.source] : [])));
    expect(Object.keys(style.sources).filter((source) => !used.has(source))).toEqual([]);
  });
  it("asks no other server for anything", () => {
    const style = cityStyle(bare(theme));
    expect(style.glyphs).toBeUndefined();
    expect(style.sprite).toBeUndefined();
    const tiles = Object.values(style.sources).flatMap((source) => ("tiles" in source ? (source.tiles ?? []) : []));
    expect(tiles.length).toBeGreaterThan(6);
    for (const address of tiles) expect(address).toMatch(/^http:\/\/127\.0\.0\.1\/tiles\//);
  });
});
it("hides a layer that is off", () => {
  const picture = full("light");
  const off = cityStyle({ ...picture, layers: { ...picture.layers, roads: { on: false, opacity: 100 } } });
  const roads = off.layers.filter((layer) => layer.id.startsWith("road-"));
  expect(roads.length).toBeGreaterThan(5);
  for (const road of roads) expect(road.layout?.visibility).toBe("none");
});

describe("a basemap that is a style", () => {
  const style = {
    version: 8 as const,
    sprite: "http://127.0.0.1/maps/sprites/day",
    glyphs: "http://127.0.0.1/fonts/{fontstack}/{range}.pbf",
    sources: { world: { type: "vector" as const, tiles: ["tiles/{z}/{x}/{y}.pbf"] } },
    layers: [
      { id: "ground", type: "background" as const },
      { id: "roads", type: "line" as const, source: "world", "source-layer": "roads" },
    ],
  };
  const basemap = {
    kind: "style" as const,
    url: "http://127.0.0.1/maps/style.json",
    attribution: "owner",
    datum: "wgs84",
    maxZoom: 18,
  };

  it("lies under the city with names of its own and addresses that lead to it", () => {
    const drawn = cityStyle({ ...bare("light"), basemap, basemapStyle: style });
    expect(drawn.layers.slice(0, 3).map((layer) => layer.id)).toEqual(["land", "basemap-ground", "basemap-roads"]);
    expect(drawn.sources["basemap-world"]).toEqual({
      type: "vector",
      tiles: ["http://127.0.0.1/maps/tiles/{z}/{x}/{y}.pbf"],
      attribution: "owner",
    });
    expect(drawn.layers[2]).toMatchObject({ source: "basemap-world" });
    expect(drawn.sprite).toBe("http://127.0.0.1/maps/sprites/day");
    expect(drawn.glyphs).toBeUndefined();
  });
  it("is left out until it is there", () => {
    expect(cityStyle({ ...bare("light"), basemap }).layers.map((layer) => layer.id)).not.toContain("basemap-ground");
  });
});
it("hands the same sources past the style whether there is something to show or nothing", async () => {
  const { isHeld } = await import("./picture");
  const past = (picture: Picture) =>
    Object.entries(cityStyle(picture).sources).flatMap(([id, source]) => (isHeld(source) ? [id] : []));
  expect(past(bare("light"))).toEqual(["plan", "plan-names", "plan-before", "plan-moves"]);
  expect(past(full("light"))).toEqual(past(bare("light")));
});
describe("scale", () => {
  it("shows the same things of the same piece of the city", () => {
    const [one, two] = [1, 2].map((scale) => cityStyle({ ...bare("light"), scale }).layers);
    const minzoom = (layers?: { id: string; minzoom?: number }[]) => layers?.find((layer) => layer.id === "grid-names")?.minzoom;
    expect(minzoom(two)).toBeCloseTo((minzoom(one) ?? NaN) + 1, 9);
  });
});
