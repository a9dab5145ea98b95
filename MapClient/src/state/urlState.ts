// A link that opens the same view: everything that is worth sharing, nothing that is secret. Pure.
import { number, oneOf } from "./linkParts";
import { readWalking, writeWalking, plainWalking, type WalkingLink } from "./walkingLink";
import { isDay, presets, type Period, type Preset } from "./period";

export const layerKeys = ["landscapes", "compounds", "buildings", "roads", "areas", "grids", "facilities", "incidents"] as const;
export type LayerKey = (typeof layerKeys)[number];
export const panels = ["layers", "incidents", "report", "circle", "coverage", "hotspots", "plans", "planner"] as const;
export type PanelName = (typeof panels)[number];
export const selectable = ["area", "grid", "compound", "building", "facility", "incident", "road"] as const;
export type SelectedKind = (typeof selectable)[number];
export const statusFilters = ["", "open", "overdue", "closed"] as const;
export type StatusFilter = (typeof statusFilters)[number];
export type ThemeChoice = "light" | "dark" | "system";

export type View = { lon: number; lat: number; zoom: number; bearing: number; pitch: number };
export type LayerSetting = { on: boolean; opacity: number };
export type Link = {
  view: View | null;
  layers: Record<LayerKey, LayerSetting>;
  heights: boolean;
  /** The day whose grids are shown, YYYY-MM-DD; null for those of now. */
  gridsDay: string | null;
  period: Period;
  categories: string[];
  status: StatusFilter;
  areaId: number | null;
  selection: { kind: SelectedKind; id: number } | null;
  panel: PanelName | null;
  /** The plan that is open on the planner's desk. */
  planId: number | null;
  circle: { place: { lon: number; lat: number } | null; minutes: number | null; radiusMetres: number };
  coverage: WalkingLink["coverage"];
  walk: WalkingLink["walk"];
  siting: WalkingLink["siting"];
  wishes: WalkingLink["wishes"];
  hotspots: { show: "density" | "grids"; measure: "count" | "rate" | "area" | "change"; bandwidthMetres: number };
  language: "zh" | "en" | null;
  theme: ThemeChoice;
};

export const plainLink = (): Link => ({
  view: null,
  layers: Object.fromEntries(layerKeys.map((key) => [key, { on: true, opacity: 100 }])) as Record<LayerKey, LayerSetting>,
  heights: false,
  gridsDay: null,
  period: "30d",
  categories: [],
  status: "open",
  areaId: null,
  selection: null,
  panel: "layers",
  planId: null,
  circle: { place: null, minutes: 5, radiusMetres: 300 },
  ...plainWalking(),
  hotspots: { show: "density", measure: "count", bandwidthMetres: 300 },
  language: null,
  theme: "system",
});

const round = (value: number, digits: number) => Number(value.toFixed(digits));

export function writeLink(link: Link): string {
  const plain = plainLink();
  const parts: [string, string][] = [];
  const put = (name: string, value: string | number | null, usual: string | number | null) => {
    if (value !== null && value !== usual) parts.push([name, String(value)]);
  };
  if (link.view) {
    const { lon, lat, zoom, bearing, pitch } = link.view;
    const turned = bearing || pitch ? `/${round(bearing, 1)}/${round(pitch, 1)}` : "";
    put("map", `${round(zoom, 2)}/${round(lat, 5)}/${round(lon, 5)}${turned}`, null);
  }
  const layers = layerKeys
    .filter((key) => link.layers[key].on)
    .map((key) => (link.layers[key].opacity === 100 ? key : `${key}:${link.layers[key].opacity}`));
  put("layers", layers.join(",") || "none", layerKeys.join(","));
  put("heights", link.heights ? 1 : 0, 0);
  put("day", link.gridsDay, null);
  put(
    "period",
    typeof link.period === "string" ? link.period : `${link.period.since}..${link.period.until}`,
    plain.period as Preset,
  );
  put("category", link.categories.join(","), "");
  put("status", link.status || "all", plain.status);
  put("area", link.areaId, null);
  put("sel", link.selection && `${link.selection.kind}:${link.selection.id}`, null);
  put("panel", link.panel ?? "none", plain.panel);
  put("plan", link.planId, null);
  if (link.circle.place) put("at", `${round(link.circle.place.lon, 7)},${round(link.circle.place.lat, 7)}`, null);
  put("reach", link.circle.minutes === null ? `${link.circle.radiusMetres}m` : `${link.circle.minutes}min`, "5min");
  writeWalking(link, put);
  put("heat", link.hotspots.show, plain.hotspots.show);
  put("measure", link.hotspots.measure, plain.hotspots.measure);
  put("bandwidth", link.hotspots.bandwidthMetres, plain.hotspots.bandwidthMetres);
  put("lang", link.language, null);
  put("theme", link.theme, plain.theme);
  return parts
    .map(
      ([name, value]) =>
        `${name}=${encodeURIComponent(value).replaceAll("%2F", "/").replaceAll("%2C", ",").replaceAll("%3A", ":")}`,
    )
    .join("&");
}

/** Reads a link leniently: a part that makes no sense is left at its usual value. */
export function readLink(text: string): Link {
  const link = plainLink();
  const parts = new URLSearchParams(text.replace(/^[#?]/, ""));
  const map = (parts.get("map") ?? "").split("/");
  const zoom = number(map[0], 0, 24);
  const lat = number(map[1], -85, 85);
  const lon = number(map[2], -180, 180);
  if (zoom !== null && lat !== null && lon !== null) {
    link.view = { lon, lat, zoom, bearing: number(map[3], -180, 180) ?? 0, pitch: number(map[4], 0, 60) ?? 0 };
  }
  const layers = parts.get("layers");
  if (layers !== null) {
    for (const key of layerKeys) link.layers[key].on = false;
    for (const entry of layers.split(",")) {
      const [name, opacity] = entry.split(":");
      const key = oneOf(name ?? null, layerKeys);
      if (key) link.layers[key] = { on: true, opacity: number(opacity, 0, 100) ?? 100 };
    }
  }
  link.heights = parts.get("heights") === "1";
  const day = parts.get("day");
  if (day && isDay(day)) link.gridsDay = day;
  const period = parts.get("period") ?? "";
  const [since, until] = period.split("..");
  if (since && until && isDay(since) && isDay(until) && since <= until) link.period = { since, until };
  else link.period = oneOf(period, presets) ?? link.period;
  link.categories = (parts.get("category") ?? "").split(",").filter((code) => /^[\w-]{1,40}$/.test(code));
  const status = parts.get("status");
  link.status = status === "all" ? "" : (oneOf(status, statusFilters) ?? link.status);
  link.areaId = number(parts.get("area") ?? undefined, 1, Number.MAX_SAFE_INTEGER);
  const [kind, id] = (parts.get("sel") ?? "").split(":");
  const selected = oneOf(kind ?? null, selectable);
  const selectedId = number(id, 1, Number.MAX_SAFE_INTEGER);
  if (selected && selectedId !== null) link.selection = { kind: selected, id: selectedId };
  const panel = parts.get("panel");
  link.panel = panel === "none" ? null : (oneOf(panel, panels) ?? link.panel);
  link.planId = number(parts.get("plan") ?? undefined, 1, Number.MAX_SAFE_INTEGER);
  const [circleLon, circleLat] = (parts.get("at") ?? "").split(",");
  const atLon = number(circleLon, -180, 180);
  const atLat = number(circleLat, -90, 90);
  if (atLon !== null && atLat !== null) link.circle.place = { lon: atLon, lat: atLat };
  const reach = /^(\d+(?:\.\d+)?)(min|m)$/.exec(parts.get("reach") ?? "");
  if (reach?.[2] === "min") link.circle.minutes = number(reach[1], 1, 160) ?? link.circle.minutes;
  const metres = reach?.[2] === "m" ? number(reach[1], 1, 10_000) : null;
  if (metres !== null) link.circle = { ...link.circle, minutes: null, radiusMetres: metres };
  readWalking(parts, link);
  link.hotspots.show = oneOf(parts.get("heat"), ["density", "grids"] as const) ?? link.hotspots.show;
  link.hotspots.measure = oneOf(parts.get("measure"), ["count", "rate", "area", "change"] as const) ?? link.hotspots.measure;
  link.hotspots.bandwidthMetres = number(parts.get("bandwidth") ?? undefined, 50, 5000) ?? link.hotspots.bandwidthMetres;
  link.language = oneOf(parts.get("lang"), ["zh", "en"] as const);
  link.theme = oneOf(parts.get("theme"), ["light", "dark", "system"] as const) ?? link.theme;
  return link;
}
