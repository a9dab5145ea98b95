// How much of a service there is for people, as rows and colours. Pure.
import type { CapacityWhatIf, Catchment, Supply } from "../api/walking";
import type { CoveragePicture } from "./coveragePicture";
import { capacityRamp, classOf, gainColours, quantileBreaks, rampColour, type Theme } from "./symbology";
import type { Level } from "./walkingLink";

export type CapacityRow = { id: number; kind: "area" | "grid"; name: string; nameEn: string; people: number; perThousand: number };

const classes = 5;

export function capacityRows(answer: Catchment, by: Level): CapacityRow[] {
  const rows =
    by === "grid"
      ? answer.byGrid.map(({ id, code, name, supply }) => ({
          id,
          kind: "grid" as const,
          name: name || (code ?? ""),
          nameEn: "",
          supply,
        }))
      : (by === "street" ? answer.byStreet : answer.byCommunity).map(({ area, supply }) => ({
          id: area?.id ?? null,
          kind: "area" as const,
          name: area?.name ?? "",
          nameEn: area?.nameEn ?? "",
          supply,
        }));
  return rows.flatMap(({ id, supply, ...row }) =>
    id === null || supply.perThousand === null ? [] : [{ ...row, id, people: supply.people, perThousand: supply.perThousand }],
  );
}

/** The least supplied first: that is where more is wanted; among equals more people before fewer. */
export const leastFirst = (rows: CapacityRow[]): CapacityRow[] =>
  [...rows].sort((a, b) => a.perThousand - b.perThousand || b.people - a.people);

/** Where the colours change: as many places in every class; places with nothing are a class of their own. */
export function capacityBreaks(rows: CapacityRow[]): number[] {
  const rounded = (value: number) => Number(value.toPrecision(2));
  return [
    ...new Set(
      quantileBreaks(
        rows.map((row) => row.perThousand).filter((value) => value > 0),
        classes,
      ).map(rounded),
    ),
  ];
}

export const capacityColour = (perThousand: number, breaks: number[], theme: Theme): string =>
  perThousand === 0
    ? capacityRamp[theme].none
    : rampColour(capacityRamp[theme].some, classOf(perThousand, breaks), breaks.length + 1);

export function capacityPicture(answer: Catchment, by: Level, theme: Theme): CoveragePicture {
  const rows = capacityRows(answer, by);
  const breaks = capacityBreaks(rows);
  return {
    by,
    colours: rows.map(({ id, perThousand }) => ({ id, colour: capacityColour(perThousand, breaks, theme) })),
    gaps: { type: "FeatureCollection", features: [] },
  };
}

/** Grids that have more or less for their people in a scenario. */
export function capacityGainPicture(answer: CapacityWhatIf, theme: Theme): CoveragePicture {
  const per = (supply: Supply) => supply.perThousand ?? 0;
  return {
    by: "grid",
    colours: answer.byGrid.flatMap(({ id, today, scenario }) =>
      id === null || per(today) === per(scenario)
        ? []
        : [{ id, colour: per(scenario) > per(today) ? gainColours[theme].gain : gainColours[theme].loss }],
    ),
    gaps: { type: "FeatureCollection", features: [] },
  };
}
