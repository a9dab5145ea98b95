// The streets of the view in exact coordinates, for lines to take hold of: tiles have them only to half a metre.
import type { Map as LibraryMap } from "maplibre-gl";
import type { Bbox } from "../api/contract";
import { askStreets } from "../api/server";
import { bboxOf } from "../state/extent";
import type { Street } from "./planSnap";

/** From here on the map shows every way there is, and a view holds some hundreds to a few thousand of them. */
const fromZoom = 15;
const most = 10_000;
/** Some more than the view is asked for, so that not every small move asks again. */
const beyond = 0.2;

let streets: Street[] = [];
let box: Bbox | null = null;
let asking: { stop: AbortController; box: Bbox } | null = null;
let isFar = $state(false);

const holds = (outer: Bbox | undefined | null, inner: Bbox) =>
  !!outer && outer[0] <= inner[0] && outer[1] <= inner[1] && outer[2] >= inner[2] && outer[3] >= inner[3];
async function ask(wanted: Bbox) {
  const stop = new AbortController();
  asking = { stop, box: wanted };
  try {
    const { features, links } = await askStreets(wanted, most, stop.signal);
    if (stop.signal.aborted) return;
    // A part of the streets would have a line take hold of one and not of its neighbour.
    isFar = links.some(({ rel }) => rel === "next");
    box = wanted;
    streets = isFar
      ? []
      : features.flatMap(({ geometry, properties: { name, nameEn } }) =>
          (geometry.type === "LineString" ? [geometry.coordinates] : geometry.coordinates).map((line) => ({
            name: name ?? "",
            nameEn: nameEn ?? "",
            bbox: bboxOf({ type: "LineString", coordinates: line }) ?? wanted,
            line,
          })),
        );
  } catch {
    // Lines are drawn without streets too; the next move of the map asks again, and the bar above says when the server is away.
  } finally {
    if (asking?.stop === stop) asking = null;
  }
}
function putAway() {
  asking?.stop.abort();
  asking = null;
  streets = [];
  box = null;
  isFar = false;
}

export const planStreets = {
  get held(): readonly Street[] {
    return streets;
  },
  /** The map is too far away to hold its streets. */
  get isFar() {
    return isFar;
  },
  /** Wherever the map came to rest; without a tool that draws nothing is held. */
  follow(map: LibraryMap, wanted: boolean) {
    if (!wanted) return putAway();
    if (map.getZoom() < fromZoom) {
      putAway();
      isFar = true;
      return;
    }
    const bounds = map.getBounds();
    const [west, south, east, north] = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    const view: Bbox = [west, south, east, north];
    // After a look at too much, a smaller part is worth asking for.
    if (holds(asking?.box, view) || (!isFar && holds(box, view))) return;
    asking?.stop.abort();
    const [wide, high] = [(east - west) * beyond, (north - south) * beyond];
    void ask([west - wide, south - high, east + wide, north + high]);
  },
  putAway,
};
