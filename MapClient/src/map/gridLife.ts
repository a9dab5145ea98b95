import type { GridLife } from "../api/planContract";

export type LifeSpan = {
  key: string;
  from: string | null;
  until: string | null;
  state: "past" | "now" | "future";
  cameFrom: string[];
  became: string[];
  households: number | null;
};

/** The boundaries of a code in time, the latest first, each with what it came from on its first day and what became of it on its last. Pure. */
export function spansOf(life: GridLife, now: number): LifeSpan[] {
  const on = (day: string | null, told: GridLife["cameFrom"]) =>
    day === null
      ? []
      : [...new Set(told.filter(({ effectiveAt }) => Date.parse(effectiveAt) === Date.parse(day)).map(({ code }) => code))];
  return life.boundaries
    .map(({ id, validFrom, validTo, households }) => ({
      key: String(id),
      from: validFrom,
      until: validTo,
      state:
        validTo !== null && Date.parse(validTo) <= now
          ? ("past" as const)
          : validFrom !== null && Date.parse(validFrom) > now
            ? ("future" as const)
            : ("now" as const),
      cameFrom: on(validFrom, life.cameFrom),
      became: on(validTo, life.became),
      households,
    }))
    .reverse();
}
