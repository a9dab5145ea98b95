// The style of an outside basemap: fetched once for each address, asked for again when that failed.
import { city } from "./city.svelte";

type Style = { version: number; sources: Record<string, unknown>; layers: unknown[] };
let shown = $state.raw<Style | null>(null);
let asked = "";
const againAfterMs = 30_000;

const isStyle = (told: unknown): told is Style =>
  typeof told === "object" && told !== null && "sources" in told && "layers" in told && Array.isArray(told.layers);

async function fetchStyle(url: string): Promise<void> {
  asked = url;
  try {
    const answer = await fetch(url);
    const told: unknown = await answer.json();
    if (answer.ok && isStyle(told)) {
      shown = told;
      return;
    }
  } catch {
    // The city is drawn without its background; below it is asked for again.
  }
  setTimeout(() => void fetchStyle(url), againAfterMs);
}

/** Null while it is on its way, and where none is configured. */
export function basemapStyle(): Style | null {
  const basemap = city.facts?.basemap;
  if (basemap?.kind !== "style") return null;
  if (asked !== basemap.url) void fetchStyle(basemap.url);
  return shown;
}
