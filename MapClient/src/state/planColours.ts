// Colours of a plan's grids by any of their figures: classes of about as many grids, from little to much. Pure.
import type { PlanGrid } from "../api/planContract";
import type { PlanColour } from "./planShown.svelte";
import { classOf, heatRamp, quantileBreaks, rampColour, type Theme } from "./symbology";

const most = 6;
/** Of grids that have no such figure: neither little nor much. */
const noFigure: Record<Theme, string> = { light: "#9aa3ad", dark: "#6b7681" };
export const planValue: Record<Exclude<PlanColour, "mesh">, (grid: PlanGrid) => number | null> = {
  households: (grid) => grid.households,
  residents: (grid) => grid.residents,
  buildings: (grid) => grid.buildings,
  density: (grid) => (grid.areaSquareMetres > 0 ? grid.households / (grid.areaSquareMetres / 10_000) : null),
  load: (grid) => grid.incidents12Months,
  compactness: (grid) => grid.compactness,
  centre: (grid) => grid.minutesToServiceCentre,
};

export function planColoursOf(
  grids: readonly PlanGrid[],
  before: readonly PlanGrid[],
  by: PlanColour,
  theme: Theme,
): { byKey: Record<string, string> | null; breaks: number[]; colours: string[]; without: string | null } {
  if (by === "mesh") return { byKey: null, breaks: [], colours: [], without: null };
  const value = planValue[by];
  const breaks = quantileBreaks(
    grids.map(value).filter((each) => each !== null),
    most,
  );
  const colours = Array.from({ length: breaks.length + 1 }, (_, index) => rampColour(heatRamp[theme], index, breaks.length + 1));
  const byKey: Record<string, string> = {};
  let without: string | null = null;
  // A grid of today that the draft changed keeps its key; the draft's figure counts.
  for (const grid of [...before, ...grids]) {
    const counted = value(grid);
    if (counted === null) without = noFigure[theme];
    byKey[grid.key] = counted === null ? noFigure[theme] : (colours[classOf(counted, breaks)] as string);
  }
  return { byKey, breaks, colours, without };
}
