// Owns the map object. Everything that moves the map or asks it something goes through here.
import {
  AttributionControl,
  Map as LibraryMap,
  Marker,
  setWorkerUrl,
  type GeoJSONSource,
  type MapGeoJSONFeature,
  type MapMouseEvent,
  type StyleSpecification,
} from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import type { FeatureCollection } from "geojson";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import type { Bbox, Place } from "../api/contract";
import type { SelectedKind, View } from "../state/urlState";
import { drawSign, signPaths } from "./facilitySigns";
import { isHeld, nothing } from "./picture";
import { sharpnessOf } from "./sharpness";
import type { FacilityGroup } from "../state/symbology";

export type Hit = { kind: SelectedKind; id: number };
export type MapView = ReturnType<typeof createMapView>;

const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** What a click means, most particular first. */
const clickable: [layer: string, kind: SelectedKind][] = [
  ["incidents-fresh", "incident"],
  ["incidents", "incident"],
  ["facilities", "facility"],
  ["facility-dots", "facility"],
  ["buildings", "building"],
  ["grids", "grid"],
];

/** Drawings of the drawing tools are not the style's: they survive a change of it. */
const foreign = (id: string) => id.startsWith("td-") || id.startsWith("sketch-");

export function createMapView(
  container: HTMLElement,
  style: StyleSpecification,
  view: View | null,
  bbox: Bbox | null,
  interactive = true,
) {
  setWorkerUrl(workerUrl);
  const map = new LibraryMap({
    container,
    style,
    ...(view ? { center: [view.lon, view.lat], zoom: view.zoom, bearing: view.bearing, pitch: view.pitch } : {}),
    ...(!view && bbox ? { bounds: bbox, fitBoundsOptions: { padding: 24 } } : {}),
    attributionControl: false,
    interactive,
    maxPitch: 60,
    maxZoom: 20,
    minZoom: 3,
    fadeDuration: calm() ? 0 : 120,
    dragRotate: true,
    refreshExpiredTiles: true,
    pixelRatio: sharpnessOf(location.search, window.devicePixelRatio),
    canvasContextAttributes: { antialias: true },
  });
  map.addControl(new AttributionControl({ compact: true }), "bottom-left");
  map.setMissingStyleImageResolver((id) => {
    const group = id.replace("facility-", "") as FacilityGroup;
    if (group in signPaths && !map.hasImage(id)) map.addImage(id, drawSign(group), { pixelRatio: 2 });
  });
  // Tiles that fail are asked for again by the map itself, and the bar above says when the server is away: without a listener the library
  // would write each of them into the console. Anything else is a fault of ours and goes where faults are seen.
  map.on("error", ({ error }) => {
    if (!(error instanceof TypeError) && !("status" in error)) reportError(error);
  });
  if (bbox) {
    const [west, south, east, north] = bbox;
    const wide = (east - west) * 1.5;
    const high = (north - south) * 1.5;
    map.setMaxBounds([west - wide, south - high, east + wide, north + high]);
  }

  // Much data goes by the style: for every change of it the library would copy and compare all of it.
  let heldData = new Map<string, FeatureCollection>();
  const given = new WeakMap<GeoJSONSource, FeatureCollection>();
  function giveHeld(): void {
    for (const [id, data] of heldData) {
      const source = map.getSource<GeoJSONSource>(id);
      if (!source || given.get(source) === data) continue;
      given.set(source, data);
      void source.setData(data);
    }
  }
  function withoutHeld(next: StyleSpecification): { light: StyleSpecification; data: Map<string, FeatureCollection> } {
    const data = new Map<string, FeatureCollection>();
    const sources = Object.fromEntries(
      Object.entries(next.sources).map(([id, source]) => {
        if (!isHeld(source)) return [id, source];
        data.set(id, source.data);
        return [id, { ...source, data: nothing }];
      }),
    );
    return { light: { ...next, sources }, data };
  }

  // A style that is still loading cannot be changed, only replaced: the newest wish waits until it is there.
  let ready = false;
  let wish: StyleSpecification | null = null;
  function apply(next: StyleSpecification): void {
    const { light, data } = withoutHeld(next);
    map.setStyle(light, {
      diff: true,
      validate: false,
      transformStyle: (previous, wanted) => {
        for (const [id, source] of Object.entries(previous?.sources ?? {}))
          if (data.has(id) && source.type === "geojson") source.data = nothing;
        return {
          ...wanted,
          sources: {
            ...wanted.sources,
            ...Object.fromEntries(Object.entries(previous?.sources ?? {}).filter(([id]) => foreign(id))),
          },
          layers: [...wanted.layers, ...(previous?.layers ?? []).filter((layer) => foreign(layer.id))],
        };
      },
    });
    heldData = data;
    giveHeld();
  }
  // A style that the library had to build anew has its sources anew.
  map.on("style.load", () => {
    ready = true;
    if (wish) apply(wish);
    else giveHeld();
    wish = null;
  });

  const refreshing = new Set<string>();
  const move = () => ({ duration: calm() ? 0 : 900, essential: false });
  return {
    map,
    setStyle(next: StyleSpecification) {
      if (ready) apply(next);
      else wish = next;
    },
    view(): View {
      const { lng, lat } = map.getCenter();
      return { lon: lng, lat, zoom: map.getZoom(), bearing: map.getBearing(), pitch: map.getPitch() };
    },
    centre(): Place {
      const { lng, lat } = map.getCenter();
      return { lon: lng, lat };
    },
    flyTo(place: Place, zoom = 16) {
      map.flyTo({ center: [place.lon, place.lat], zoom: Math.max(zoom, map.getZoom()), ...move() });
    },
    fit(bounds: Bbox, maxZoom = 17) {
      map.fitBounds(bounds, { padding: 56, maxZoom, ...move() });
    },
    jumpTo(next: View) {
      map.jumpTo({ center: [next.lon, next.lat], zoom: next.zoom, bearing: next.bearing, pitch: next.pitch });
    },
    zoomBy(step: number) {
      map.easeTo({ zoom: map.getZoom() + step, duration: calm() ? 0 : 250 });
    },
    faceNorth(pitch = 0) {
      map.easeTo({ bearing: 0, pitch, duration: calm() ? 0 : 500 });
    },
    /** The managed thing under a point of the screen. */
    hit(point: MapMouseEvent["point"]): Hit | null {
      const near: [[number, number], [number, number]] = [
        [point.x - 4, point.y - 4],
        [point.x + 4, point.y + 4],
      ];
      for (const [layer, kind] of clickable) {
        if (!map.getLayer(layer)) continue;
        const area = kind === "incident" || kind === "facility" ? near : point;
        const found: MapGeoJSONFeature | undefined = map.queryRenderedFeatures(area, { layers: [layer] })[0];
        const id = Number(found?.id);
        // A point that stands for several is nothing to open.
        if (found && Number.isFinite(id) && !(Number(found.properties["count"]) > 1)) return { kind, id };
      }
      return null;
    },
    /** A style that changes while tiles are under way has the library read the old ones again: once all is quiet they are asked for a second time, and those that are new already are not sent. */
    refresh(source: string) {
      const again = () => {
        refreshing.delete(source);
        if (map.getSource(source)) map.refreshTiles(source);
      };
      if (!map.getSource(source)) return;
      map.refreshTiles(source);
      if (refreshing.has(source)) return;
      refreshing.add(source);
      map.once("idle", again);
    },
    marker(place: Place, element: HTMLElement, onMoved?: (place: Place, done: boolean) => void): Marker {
      const marker = new Marker({ element, draggable: !!onMoved, anchor: "center" }).setLngLat([place.lon, place.lat]).addTo(map);
      const told = (done: boolean) => () => {
        const { lng, lat } = marker.getLngLat();
        onMoved?.({ lon: lng, lat }, done);
      };
      marker.on("drag", told(false));
      marker.on("dragend", told(true));
      return marker;
    },
    /** What is drawn now, as the address of an image. A canvas can be read only while its frame is being drawn. */
    picture: () =>
      new Promise<string>((done) => {
        map.once("render", () => done(map.getCanvas().toDataURL("image/png")));
        map.triggerRepaint();
      }),
    /** All that the style wants is drawn, or nobody wants to wait any longer. */
    still: (longestMs: number) =>
      new Promise<void>((done) => {
        const patience = setTimeout(done, longestMs);
        map.once("idle", () => {
          clearTimeout(patience);
          done();
        });
        map.triggerRepaint();
      }),
    remove: () => map.remove(),
  };
}
