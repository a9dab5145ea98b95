// Drawing one polygon with the drawing library: begin, change, finish. The shape goes to state; whoever checks it watches there.
import type { Polygon } from "geojson";
import { TerraDraw, TerraDrawPolygonMode, TerraDrawSelectMode } from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";
import { answers } from "../state/answers.svelte";
import type { MapView } from "./mapView";

const colour = "#b0247e" as const;
const style = { fillColor: colour, fillOpacity: 0.16, outlineColor: colour, outlineWidth: 3 } as const;

let view: MapView | null = null;
let draw: TerraDraw | null = null;
const drawing = $state({ active: false });

function take(id: string | number | undefined) {
  const feature = id === undefined ? undefined : draw?.getSnapshotFeature(id);
  if (feature?.geometry.type !== "Polygon") return;
  answers.draft = { type: "Feature", properties: {}, geometry: structuredClone(feature.geometry) as Polygon };
}

function ensure(): TerraDraw | null {
  if (draw || !view) return draw;
  draw = new TerraDraw({
    adapter: new TerraDrawMapLibreGLAdapter({ map: view.map, coordinatePrecision: 9 }),
    modes: [
      new TerraDrawPolygonMode({ pointerDistance: 20, styles: { ...style, closingPointColor: colour, closingPointWidth: 5 } }),
      new TerraDrawSelectMode({
        flags: { polygon: { feature: { draggable: false, coordinates: { midpoints: true, draggable: true, deletable: true } } } },
        styles: {
          selectedPolygonColor: colour,
          selectedPolygonFillOpacity: 0.16,
          selectedPolygonOutlineColor: colour,
          selectedPolygonOutlineWidth: 3,
          selectionPointColor: colour,
          midPointColor: "#ffffff",
          midPointOutlineColor: colour,
          midPointOutlineWidth: 2,
        },
      }),
    ],
  });
  draw.start();
  draw.on("finish", (id, { action }) => {
    if (action === "draw") {
      drawing.active = false;
      draw?.setMode("select");
      draw?.selectFeature(id);
    }
    take(id);
  });
  return draw;
}

export const boundaryDrawing = {
  get active() {
    return drawing.active;
  },
  attach(to: MapView) {
    view = to;
  },
  detach() {
    draw?.stop();
    draw = null;
    view = null;
    drawing.active = false;
  },
  begin() {
    const tool = ensure();
    if (!tool) return;
    tool.clear();
    answers.draft = null;
    answers.faults = [];
    tool.setMode("polygon");
    drawing.active = true;
    view?.map.getCanvas().focus();
  },
  /** Takes corners that were typed; the ring is closed here. */
  put(corners: [lon: number, lat: number][]) {
    const tool = ensure();
    const first = corners[0];
    if (!tool || !first) return;
    tool.clear();
    drawing.active = false;
    const [added] = tool.addFeatures([
      { type: "Feature", properties: { mode: "polygon" }, geometry: { type: "Polygon", coordinates: [[...corners, first]] } },
    ]);
    answers.draft = { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [[...corners, first]] } };
    if (added?.valid && added.id !== undefined) {
      tool.setMode("select");
      tool.selectFeature(added.id);
    }
  },
  clear() {
    if (draw) {
      draw.clear();
      draw.stop();
      draw = null;
    }
    drawing.active = false;
    answers.draft = null;
    answers.faults = [];
  },
};
