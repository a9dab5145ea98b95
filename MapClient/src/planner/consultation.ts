import type { AreaRef } from "../api/contract";
import type { Plan, PlanConsultation, PlanGrid } from "../api/planContract";

/** The last word of each area counts. Pure. */
export const lastWords = (said: readonly PlanConsultation[]): Map<number, PlanConsultation> =>
  new Map([...said].sort((a, b) => a.id - b.id).map((each) => [each.area.id, each]));

/** Who is to be heard: the plan's area, and below a street each community whose grids change. Pure. */
export function speakersOf({ area }: Pick<Plan, "area">, grids: readonly PlanGrid[]): AreaRef[] {
  const concerned = new Map(grids.filter(({ changed }) => changed).map((grid) => [grid.area.id, grid.area]));
  concerned.delete(area.id);
  return [area, ...[...concerned.values()].sort((a, b) => a.code.localeCompare(b.code))];
}
