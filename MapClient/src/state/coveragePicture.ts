// How an answer about coverage is coloured on the map. Pure.
import type { FeatureCollection, MultiPolygon, Polygon } from "geojson";
import type { CoverageAnswer } from "../api/contract";
import type { WalkCoverage, WalkGaps, WhatIfAnswer } from "../api/walking";
import { circleRows, walkRows, type CoverageRow } from "./coverageRows";
import { coverageColour, gainColours, overClaimColour, type Theme } from "./symbology";
import type { Level, WalkingLink } from "./walkingLink";

export type Measure = "walked" | "claimed" | "overClaimed";
export type CoveragePicture = {
  by: Level;
  colours: { id: number; colour: string }[];
  gaps: FeatureCollection<Polygon | MultiPolygon, { id: number; residents: number }>;
};

/** The one number that a way of measuring is about; side by side it is that of the walk, left of the line. */
export const measureOf = ({ method, picture }: Pick<WalkingLink["coverage"], "method" | "picture">): Measure =>
  method === "circle" ? "claimed" : method === "compare" && picture === "difference" ? "overClaimed" : "walked";

export const colourOfRow = (row: CoverageRow, measure: Measure, theme: Theme): string | null =>
  measure === "overClaimed" ? overClaimColour(row.overClaimed, theme) : coverageColour(row[measure], theme);

const colours = (rows: CoverageRow[], measure: Measure, theme: Theme) =>
  rows.flatMap((row) => {
    const colour = colourOfRow(row, measure, theme);
    return colour ? [{ id: row.id, colour }] : [];
  });

export function circlePicture(answer: CoverageAnswer, by: Level, theme: Theme): CoveragePicture {
  return {
    by,
    colours: colours(circleRows(answer, by), "claimed", theme),
    gaps: {
      type: "FeatureCollection",
      features: answer.gaps.features.map(({ geometry, properties }, index) => ({
        type: "Feature",
        geometry,
        properties: { id: index + 1, residents: properties.residents },
      })),
    },
  };
}

export function walkPicture(
  answer: WalkCoverage,
  gaps: WalkGaps | null,
  by: Level,
  measure: Measure,
  theme: Theme,
): CoveragePicture {
  return {
    by,
    colours: colours(walkRows(answer, by), measure, theme),
    gaps: {
      type: "FeatureCollection",
      // Gaps belong to the picture of who walks; over a comparison they would only be in its way.
      features: (measure === "walked" ? (gaps?.gaps.features ?? []) : []).map(({ geometry, properties }) => ({
        type: "Feature",
        geometry,
        properties: { id: properties.rank, residents: properties.people.residents },
      })),
    },
  };
}

/** Grids that gain or lose covered residents in a scenario. */
export function gainPicture(answer: WhatIfAnswer, theme: Theme): CoveragePicture {
  return {
    by: "grid",
    colours: answer.byGrid.flatMap(({ id, residentsCovered, residentsCoveredToday }) =>
      id === null
        ? []
        : [{ id, colour: residentsCovered > residentsCoveredToday ? gainColours[theme].gain : gainColours[theme].loss }],
    ),
    gaps: { type: "FeatureCollection", features: [] },
  };
}
