import type { Feature, FeatureCollection, Geometry } from "geojson";
import type { ExpressionSpecification } from "maplibre-gl";
import type { PlanGrid } from "../../api/planContract";
import { codeLabels } from "../../state/codeLabels";
import { meshColours } from "../../state/symbology";
import { formatNumber } from "../../text/format";
import type { Language } from "../../text/language.svelte";
import { labelPlace } from "../labelPlace";
import { drawn, font, held, nothing, remembering, type Contribution, type Picture } from "../picture";

type Plan = NonNullable<Picture["plan"]>;

const shapes = remembering((grids: PlanGrid[], colours: Plan["colours"]): FeatureCollection => ({
  type: "FeatureCollection",
  features: grids.flatMap(({ key, mesh, changed, geometry }) =>
    geometry ? [{ type: "Feature" as const, geometry, properties: { key, mesh, changed, colour: colours?.[key] ?? null } }] : [],
  ),
}));
const outlines = (grids: PlanGrid[], keys: string[]): FeatureCollection => {
  const wanted = new Set(keys);
  return {
    type: "FeatureCollection",
    features: wanted.size
      ? grids.flatMap(({ key, geometry }) =>
          geometry && wanted.has(key) ? [{ type: "Feature" as const, geometry, properties: {} }] : [],
        )
      : [],
  };
};
const today = remembering((grids: PlanGrid[], before: PlanGrid[]): PlanGrid[] => [
  ...grids.filter((grid) => !grid.changed),
  ...before,
]);
/** The grids of the moment: of the draft, or as they are today. */
const gridsOf = ({ view, grids, before }: Plan): PlanGrid[] =>
  view === "today" || view === "swipe" ? today(grids, before) : grids;

const names = remembering((grids: PlanGrid[], households: string, language: Language): FeatureCollection => {
  const labels = codeLabels(grids.map(({ key }) => key));
  return {
    type: "FeatureCollection",
    features: grids.flatMap((grid): Feature[] =>
      grid.geometry
        ? [
            {
              type: "Feature",
              geometry: { type: "Point", coordinates: labelPlace(grid.geometry) },
              properties: {
                name: labels.of(grid.key),
                // Where there is not room for all, changed grids and those farthest from the target keep theirs.
                order: (grid.changed ? 0 : 10) - Math.min(9, Math.abs(grid.shareOfTarget - 1)),
                words: households.replace("{n}", formatNumber(grid.households, language)),
              },
            },
          ]
        : [],
    ),
  };
});
const moved = remembering((moves: Plan["moves"]): FeatureCollection => ({
  type: "FeatureCollection",
  features: moves.flatMap(({ from, to, geometry }): Feature<Geometry>[] =>
    geometry ? [{ type: "Feature", geometry, properties: { from, to } }] : [],
  ),
}));

export function plan({ plan: shown, palette, theme, scale, language }: Picture): Contribution {
  const colours = meshColours[theme];
  const open = shown !== null;
  const difference = shown?.view === "difference";
  const grids = shown ? gridsOf(shown) : [];
  const source = { source: "plan" };
  const mesh = (inBand: number, outside: number): ExpressionSpecification => ["match", ["get", "mesh"], "in-band", inBand, outside];
  return {
    sources: {
      plan: held(shown ? shapes(grids, shown.colours) : nothing),
      "plan-names": held(shown ? names(grids, shown.words[language], language) : nothing),
      "plan-before": held(shown && difference ? shapes(shown.before, null) : nothing),
      "plan-moves": held(shown && difference ? moved(shown.moves) : nothing),
      "plan-selected": drawn(outlines(grids, shown?.selected ?? [])),
      "plan-hovered": drawn(outlines(grids, shown?.hovered ? [shown.hovered] : [])),
      "plan-net-borders": drawn(
        shown?.netBorders
          ? { type: "FeatureCollection", features: [{ type: "Feature", geometry: shown.netBorders, properties: {} }] }
          : nothing,
      ),
      "plan-preview": drawn(shown?.preview ? shapes(shown.preview.grids, null) : nothing),
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
          // From afar the borders are thin and the colours tell.
          "fill-opacity": difference
            ? 0
            : shown?.colours
              ? 0.55
              : ["interpolate", ["linear"], ["zoom"], 11, mesh(0.3, 0.5), 13.5, mesh(0.13, 0.22)],
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
        minzoom: 12,
        layout: { "line-join": "round" },
        paint: {
          "line-color": palette.halo,
          "line-width": ["interpolate", ["linear"], ["zoom"], 12, 2 * scale, 14, 4 * scale],
          "line-opacity": 0.7,
        },
      },
      {
        id: "plan-edges",
        shelf: "answer",
        type: "line",
        ...source,
        layout: { "line-join": "round" },
        paint: {
          "line-color": palette.grid,
          "line-width": ["interpolate", ["linear"], ["zoom"], 9, 0.15 * scale, 12, 0.7 * scale, 15, 1.7 * scale, 18, 2.6 * scale],
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
          "line-width": ["interpolate", ["linear"], ["zoom"], 10, 1 * scale, 13, 2.4 * scale, 16, 3.8 * scale],
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
        source: "plan-hovered",
        paint: { "fill-color": palette.accent, "fill-opacity": 0.1 },
      },
      {
        id: "plan-selected",
        shelf: "answer",
        type: "fill",
        source: "plan-selected",
        paint: { "fill-color": palette.accent, "fill-opacity": 0.16 },
      },
      {
        id: "plan-selected-edge",
        shelf: "answer",
        type: "line",
        source: "plan-selected",
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
          "text-padding": 4,
          "symbol-sort-key": ["get", "order"],
          // A little higher or lower where a neighbour's is in the way; to the sides it would lie in the neighbour.
          "text-variable-anchor-offset": ["center", [0, 0], "bottom", [0, 0.6], "top", [0, -0.6]],
        },
        paint: { "text-color": palette.gridText, "text-halo-color": palette.halo, "text-halo-width": 2 },
      },
    ],
  };
}
