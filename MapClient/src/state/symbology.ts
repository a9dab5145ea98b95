// Colour and size by meaning. Layers, legends and charts all read it, so a colour means one thing everywhere.
export type Theme = "light" | "dark";

export type IncidentMeaning = "open" | "overdue" | "closed";
export const incidentColours: Record<Theme, Record<IncidentMeaning, string>> = {
  light: { open: "#c2660a", overdue: "#c81e3a", closed: "#64748b" },
  dark: { open: "#ffb454", overdue: "#ff5d6c", closed: "#8795a8" },
};
export const incidentMeaning = (incident: { status: string; overdue: boolean }): IncidentMeaning =>
  incident.status === "closed" || incident.status === "rejected" ? "closed" : incident.overdue ? "overdue" : "open";

export const facilityGroups = ["governance", "care", "health", "safety", "education", "culture", "daily", "transport"] as const;
export type FacilityGroup = (typeof facilityGroups)[number] | "other";
/** White signs stand on these in both themes. */
export const facilityColours: Record<FacilityGroup, string> = {
  governance: "#b3372f",
  care: "#a8497c",
  health: "#0b7f86",
  safety: "#33518f",
  education: "#8a5a12",
  culture: "#4c7a2c",
  daily: "#6d5aa8",
  transport: "#3f6f99",
  other: "#5d6875",
};

type Step = { from: number; light: string; dark: string };
const stepColour = (steps: Step[], value: number | null, theme: Theme): string | null =>
  value === null ? null : ((steps.findLast((each) => value >= each.from) ?? steps[0])?.[theme] ?? null);

/** Shares of people covered: from nobody to everybody. Blue-green, readable for all kinds of colour sight. */
export const coverageSteps: Step[] = [
  { from: 0, light: "#b5422f", dark: "#e0694f" },
  { from: 40, light: "#e08a5b", dark: "#d99468" },
  { from: 60, light: "#f0cf8e", dark: "#c9b478" },
  { from: 75, light: "#a9d3b8", dark: "#6fa88f" },
  { from: 90, light: "#4c9f96", dark: "#3f9187" },
  { from: 98, light: "#1b6b74", dark: "#2fb3ad" },
];
export const coverageColour = (percent: number | null, theme: Theme): string | null => stepColour(coverageSteps, percent, theme);

/** Low to high, for counts and rates. */
export const heatRamp: Record<Theme, string[]> = {
  light: ["#fdf0d5", "#fbcf98", "#f59c62", "#de6046", "#b52f43", "#7a1743"],
  dark: ["#3a2a3f", "#6a2f55", "#a33b5b", "#d95f52", "#f39a55", "#fbe08c"],
};
/** Less to more, for changes; the middle is "about the same". */
export const changeRamp: Record<Theme, string[]> = {
  light: ["#2f7fa3", "#8cbcd0", "#e9e6df", "#f0b08f", "#c9503c"],
  dark: ["#53b1d8", "#2f6f8b", "#39414b", "#a05a43", "#f07a5e"],
};
export const changeBreaks = [-40, -10, 10, 40];

/** Break points that put about as many values into every class; equal values share a class. Ascending, without doubles. */
export function quantileBreaks(values: number[], classes: number): number[] {
  const sorted = values.filter((value) => Number.isFinite(value)).sort((a, b) => a - b);
  const breaks = new Set<number>();
  for (let i = 1; i < classes; i++) {
    const value = sorted[Math.floor((i * sorted.length) / classes)];
    if (value !== undefined && value > (sorted[0] ?? 0)) breaks.add(value);
  }
  return [...breaks];
}
export const classOf = (value: number, breaks: number[]): number => breaks.filter((limit) => value >= limit).length;
/** A colour for class `index` of `classes` from a ramp of any length: the ends of the ramp are always used. */
export const rampColour = (ramp: string[], index: number, classes: number): string =>
  ramp[classes <= 1 ? ramp.length - 1 : Math.round((index * (ramp.length - 1)) / (classes - 1))] ?? ramp[0] ?? "#888888";

/** Percentage points that a straight circle claims and walking does not give. */
export const overClaimSteps: Step[] = [
  { from: 0, light: "#f4ecd8", dark: "#2b2a33" },
  { from: 10, light: "#f6d9a8", dark: "#4d3350" },
  { from: 20, light: "#eeb07a", dark: "#7a3d63" },
  { from: 30, light: "#dd7f5d", dark: "#a94b63" },
  { from: 40, light: "#bd4f52", dark: "#d9695a" },
  { from: 55, light: "#8a2a4d", dark: "#f7a35c" },
];
export const overClaimColour = (points: number | null, theme: Theme): string | null => stepColour(overClaimSteps, points, theme);

/** People who gain or lose coverage in a scenario. */
export const gainColours: Record<Theme, { gain: string; loss: string }> = {
  light: { gain: "#1b6b74", loss: "#b5422f" },
  dark: { gain: "#2fb3ad", loss: "#e0694f" },
};
/** Nested walks, the shortest first. */
export const ringColours: Record<Theme, [string, string, string]> = {
  light: ["#0f4c9c", "#2f7fd0", "#7db4e6"],
  dark: ["#a9cdff", "#5c9bf0", "#3567b8"],
};
/** A grid's households against the plan's band. */
export const meshColours: Record<Theme, Record<"too-small" | "in-band" | "too-large", string>> = {
  light: { "too-small": "#2f7fa3", "in-band": "#2f8f6b", "too-large": "#c9503c" },
  dark: { "too-small": "#53b1d8", "in-band": "#4fb98f", "too-large": "#f07a5e" },
};
/** Capacity for a thousand people: nothing at all, and from little to much. */
export const capacityRamp: Record<Theme, { none: string; some: string[] }> = {
  light: { none: "#b5422f", some: ["#e6eef0", "#bcd9d8", "#8abfbd", "#4c9f96", "#1b6b74"] },
  dark: { none: "#e0694f", some: ["#38495a", "#2f5c66", "#2d7575", "#2f9590", "#45c4bb"] },
};
/** A facility that an answer does not count. */
export const notCounted: Record<Theme, string> = { light: "#9aa3ad", dark: "#6b7683" };
