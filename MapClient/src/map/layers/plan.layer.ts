import type { Feature, FeatureCollection, Geometry } from "geojson";
import type { ExpressionSpecification } from "maplibre-gl";
import type { PlanGrid } from "../../api/planContract";
import { meshColours } from "../../state/symbology";
import { labelPlace } from "../labelPlace";
import { drawn, font, nothing, type Contribution, type Picture } from "../picture";

type Plan = NonNullable<Picture["plan"]>;

const shapes = (grids: PlanGrid[], colours: Plan["colours"] = null): FeatureCollection => ({
  type: "FeatureCollection",
  features: grids.flatMap(({ key, mesh, changed, geometry }) =>
    geometry ? [{ type: "Feature" as const, geometry, properties: { key, mesh, changed, colour: colours?.[key] ?? null } }] : [],
  ),
});
/** The grids of the moment: of the draft, or as they are today. */
const gridsOf = (plan: Plan): PlanGrid[] =>
  plan.view === "today" || plan.view === "swipe" ? [...plan.grids.filter((grid) => !grid.changed), ...plan.before] : plan.grids;

const names = (plan: Plan, households: string): FeatureCollection => ({
  type: "FeatureCollection",
  features: gridsOf(plan).flatMap((grid): Feature[] =>
    grid.geometry
      ? [
          {
            type: "Feature",
            geometry: { type: "Point", coordinates: labelPlace(grid.geometry) },
            properties: {
              name: grid.key.startsWith("#") ? grid.key : grid.key.slice(-3),
              words: households.replace("{n}", String(grid.households)),
            },
          },
        ]
      : [],
  ),
});
const moved = (plan: Plan): FeatureCollection => ({
  type: "FeatureCollection",
  features: plan.moves.flatMap(({ from, to, geometry }): Feature<Geometry>[] =>
    geometry ? [{ type: "Feature", geometry, properties: { from, to } }] : [],
  ),
});

export function plan({ plan: shown, palette, theme, scale, language }: Picture): Contribution {
  const colours = meshColours[theme];
  const open = shown !== null;
  const difference = shown?.view === "difference";
  const keyed = (keys: string[]): ExpressionSpecification => ["in", ["get", "key"], ["literal", keys]];
  const selected = shown?.selected ?? [];
  const source = { source: "plan" };
  return {
    sources: {
      plan: drawn(shown ? shapes(gridsOf(shown), shown.colours) : nothing),
      "plan-names": drawn(shown ? names(shown, language === "zh" ? shown.words.zh : shown.words.en) : nothing),
      "plan-before": drawn(shown && difference ? shapes(shown.before) : nothing),
      "plan-moves": drawn(shown && difference ? moved(shown) : nothing),
      "plan-net-borders": drawn(
        shown?.netBorders
          ? { type: "FeatureCollection", features: [{ type: "Feature", geometry: shown.netBorders, properties: {} }] }
          : nothing,
      ),
      "plan-preview": drawn(shown?.preview ? shapes(shown.preview.grids) : nothing),
    },
    drawings: [
      {
        id: "plan-fill",
        shelf: "borders",
        type: "fill",
        ...source,
        paint: {
          "fill-color": shown?.colours
            ? ["coalesce", ["get", "colour"], colours["in-band"]]
            : ["match", ["get", "mesh"], "too-large", colours["too-large"], "too-small", colours["too-small"], colours["in-band"]],
          "fill-opacity": difference ? 0 : shown?.colours ? 0.55 : ["match", ["get", "mesh"], "in-band", 0.13, 0.22],
        },
      },
      {
        id: "plan-moves",
        shelf: "borders",
        type: "fill",
        source: "plan-moves",
        paint: { "fill-color": colours["too-large"], "fill-opacity": 0.42 },
      },
      {
        id: "plan-casing",
        shelf: "answer",
        type: "line",
        ...source,
        layout: { "line-join": "round" },
        paint: { "line-color": palette.halo, "line-width": 4 * scale, "line-opacity": 0.7 },
      },
      {
        id: "plan-edges",
        shelf: "answer",
        type: "line",
        ...source,
        layout: { "line-join": "round" },
        paint: {
          "line-color": palette.grid,
          "line-width": ["interpolate", ["linear"], ["zoom"], 12, 0.9 * scale, 15, 1.7 * scale, 18, 2.6 * scale],
        },
      },
      {
        id: "plan-changed",
        shelf: "answer",
        type: "line",
        ...source,
        filter: ["==", ["get", "changed"], true],
        layout: { "line-join": "round" },
        paint: {
          "line-color": palette.grid,
          "line-width": ["interpolate", ["linear"], ["zoom"], 12, 2.2 * scale, 16, 3.8 * scale],
        },
      },
      {
        id: "plan-before",
        shelf: "answer",
        type: "line",
        source: "plan-before",
        layout: { "line-join": "round" },
        paint: { "line-color": palette.text, "line-width": 2 * scale, "line-dasharray": [2.5, 2] },
      },
      {
        id: "plan-net-borders",
        shelf: "answer",
        type: "line",
        source: "plan-net-borders",
        layout: { "line-join": "round" },
        paint: { "line-color": colours["too-large"], "line-width": 3 * scale, "line-dasharray": [2, 1.2] },
      },
      {
        id: "plan-hovered",
        shelf: "answer",
        type: "fill",
        ...source,
        filter: keyed(shown?.hovered ? [shown.hovered] : []),
        paint: { "fill-color": palette.accent, "fill-opacity": 0.1 },
      },
      {
        id: "plan-selected",
        shelf: "answer",
        type: "fill",
        ...source,
        filter: keyed(selected),
        paint: { "fill-color": palette.accent, "fill-opacity": 0.16 },
      },
      {
        id: "plan-selected-edge",
        shelf: "answer",
        type: "line",
        ...source,
        filter: keyed(selected),
        layout: { "line-join": "round" },
        paint: { "line-color": palette.accent, "line-width": 4 * scale },
      },
      {
        id: "plan-preview",
        shelf: "answer",
        type: "fill",
        source: "plan-preview",
        paint: {
          "fill-color": [
            "match",
            ["get", "mesh"],
            "too-large",
            colours["too-large"],
            "too-small",
            colours["too-small"],
            colours["in-band"],
          ],
          "fill-opacity": 0.28,
        },
      },
      {
        id: "plan-preview-edge",
        shelf: "answer",
        type: "line",
        source: "plan-preview",
        layout: { "line-join": "round" },
        paint: { "line-color": palette.accent, "line-width": 2.6 * scale, "line-dasharray": [2.5, 1.5] },
      },
      {
        id: "plan-names",
        shelf: "top",
        type: "symbol",
        source: "plan-names",
        minzoom: 13,
        layout: {
          visibility: open ? "visible" : "none",
          "text-field": ["format", ["get", "words"], { "font-scale": 1 }, "\n", {}, ["get", "name"], { "font-scale": 0.8 }],
          "text-font": font("Bold"),
          "text-size": ["interpolate", ["linear"], ["zoom"], 13, 10.5 * scale, 17, 15 * scale],
          "text-line-height": 1.25,
          "text-padding": 3,
        },
        paint: { "text-color": palette.gridText, "text-halo-color": palette.halo, "text-halo-width": 1.8 },
      },
    ],
  };
}
