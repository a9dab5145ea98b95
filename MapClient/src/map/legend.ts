import type { LayerKey } from "../state/urlState";
import type { TextKey } from "../text/language.svelte";
import { signPaths } from "./facilitySigns";
import { palettes, type Theme } from "./palette";
import { facilityColours, facilityGroups, incidentColours } from "../state/symbology";

export type LegendItem = {
  key: string;
  /** Without a text the key is a catalogue code, named by the catalogue. */
  text?: TextKey;
  shape: "area" | "line" | "dot" | "sign";
  colour: string;
  edge?: string;
  width?: number;
  path?: string;
};

export function legendOf(layer: LayerKey, theme: Theme): LegendItem[] {
  const palette = palettes[theme];
  switch (layer) {
    case "landscapes":
      return (["water", "green", "square"] as const).map((kind) => ({
        key: kind,
        text: `legend.${kind}`,
        shape: "area",
        colour: palette[kind],
      }));
    case "roads":
      return (["expressway", "ring", "arterial", "collector", "lane"] as const).map((name, index) => ({
        key: name,
        text: `legend.${name}`,
        shape: "line",
        colour: palette.roads[name].fill,
        edge: palette.roads[name].casing,
        width: 6 - index,
      }));
    case "buildings":
      return [
        { key: "low", text: "legend.low", shape: "area", colour: palette.building[0], edge: palette.buildingEdge },
        { key: "high", text: "legend.high", shape: "area", colour: palette.building[1], edge: palette.buildingEdge },
      ];
    case "compounds":
      return [{ key: "compound", text: "legend.border", shape: "area", colour: palette.compound, edge: palette.compoundEdge }];
    case "areas":
      return (["district", "street", "community"] as const).map((level, index) => ({
        key: level,
        text: `level.${level}`,
        shape: "line",
        colour: palette.areaEdge,
        width: [3, 2, 1][index] ?? 1,
      }));
    case "grids":
      return [{ key: "grid", text: "legend.border", shape: "line", colour: palette.grid, width: 1.5 }];
    case "facilities":
      return facilityGroups.map((group) => ({ key: group, shape: "sign", colour: facilityColours[group], path: signPaths[group] }));
    case "incidents":
      return (["open", "overdue", "closed"] as const).map((meaning) => ({
        key: meaning,
        text: `status.${meaning}`,
        shape: "dot",
        colour: incidentColours[theme][meaning],
        edge: palette.halo,
      }));
  }
}
