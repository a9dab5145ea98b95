import type { GridHeat, GridHeats } from "../api/contract";
import { changeBreaks, changeRamp, classOf, heatRamp, quantileBreaks, rampColour, type Theme } from "./symbology";

export type Measure = "count" | "rate" | "area" | "change";

export const measured = (row: GridHeat, measure: Measure): number | null =>
  measure === "count"
    ? row.count
    : measure === "rate"
      ? row.per1000Residents
      : measure === "area"
        ? row.perSquareKilometre
        : row.changePercent;

export type HeatClasses = { breaks: number[]; colours: string[]; least: number; most: number };

/** Classes with about equally many grids each; changes have fixed classes around "the same". */
export function heatClasses(heats: GridHeats, measure: Measure, theme: Theme): HeatClasses {
  const values = heats.grids.map((row) => measured(row, measure)).filter((value) => value !== null);
  const positive = values.filter((value) => value > 0);
  const breaks = measure === "change" ? changeBreaks : quantileBreaks(positive, 6);
  const ramp = measure === "change" ? changeRamp[theme] : heatRamp[theme];
  return {
    breaks,
    colours: Array.from({ length: breaks.length + 1 }, (_, index) => rampColour(ramp, index, breaks.length + 1)),
    least: positive.length ? Math.min(...positive) : 0,
    most: positive.length ? Math.max(...positive) : 0,
  };
}

/** Grids without an incident keep the ground's colour. */
export function heatColours(heats: GridHeats, measure: Measure, theme: Theme): { id: number; colour: string }[] {
  const { breaks, colours } = heatClasses(heats, measure, theme);
  return heats.grids.flatMap((row) => {
    const value = measured(row, measure);
    if (value === null || (measure !== "change" && value <= 0)) return [];
    return [{ id: row.id, colour: colours[classOf(value, breaks)] ?? "#888888" }];
  });
}
