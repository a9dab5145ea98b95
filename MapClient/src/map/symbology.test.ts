import { describe, expect, it } from "vitest";
import { palettes, type Theme } from "./palette";
import {
  classOf,
  coverageColour,
  facilityColours,
  incidentColours,
  incidentMeaning,
  quantileBreaks,
  rampColour,
} from "../state/symbology";

// Contrast as WCAG 2.2 defines it; colours are #rrggbb.
const channel = (part: number): number => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => channel(parseInt(hex.slice(at, at + 2), 16) / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const themes: Theme[] = ["light", "dark"];

describe.each(themes)("on the %s map", (theme) => {
  const palette = palettes[theme];
  it("every name can be read on its halo and on the land", () => {
    for (const text of [
      "text",
      "roadText",
      "areaText",
      "gridText",
      "compoundText",
      "buildingText",
      "waterText",
      "greenText",
    ] as const) {
      expect(contrast(palette[text], palette.halo), `${text} on halo`).toBeGreaterThanOrEqual(4.5);
      expect(contrast(palette[text], palette.land), `${text} on land`).toBeGreaterThanOrEqual(4.5);
    }
  });
  it("incidents, grids and the accent stand out from the land", () => {
    for (const colour of [...Object.values(incidentColours[theme]), palette.grid, palette.accent]) {
      expect(contrast(colour, palette.land), colour).toBeGreaterThanOrEqual(3);
    }
  });
});
it("white signs stand out on their tiles", () => {
  for (const [group, colour] of Object.entries(facilityColours))
    expect(contrast("#ffffff", colour), group).toBeGreaterThanOrEqual(4.5);
});
it("contrast is that of WCAG", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
});
it("a closed incident is closed even when it was late", () => {
  expect(incidentMeaning({ status: "closed", overdue: true })).toBe("closed");
  expect(incidentMeaning({ status: "reported", overdue: true })).toBe("overdue");
  expect(incidentMeaning({ status: "reported", overdue: false })).toBe("open");
});

describe("classes", () => {
  it("hold about equally many values", () => {
    const values = Array.from({ length: 60 }, (_, index) => index + 1);
    const breaks = quantileBreaks(values, 6);
    expect(breaks).toEqual([11, 21, 31, 41, 51]);
    const sizes = [0, 0, 0, 0, 0, 0];
    for (const value of values) sizes[classOf(value, breaks)] = (sizes[classOf(value, breaks)] ?? 0) + 1;
    expect(sizes).toEqual([10, 10, 10, 10, 10, 10]);
  });
  it("never split equal values, and are fewer for few values", () => {
    expect(quantileBreaks([1, 1, 1, 1, 1, 9], 6)).toEqual([9]);
    expect(quantileBreaks([], 6)).toEqual([]);
    expect(quantileBreaks([3], 6)).toEqual([]);
  });
  it("use both ends of a ramp", () => {
    const ramp = ["#000000", "#111111", "#222222", "#333333"];
    expect([0, 1].map((index) => rampColour(ramp, index, 2))).toEqual(["#000000", "#333333"]);
    expect(rampColour(ramp, 0, 1)).toBe("#333333");
  });
  it("of coverage run from nobody to everybody", () => {
    expect(coverageColour(null, "light")).toBeNull();
    expect(coverageColour(0, "light")).toBe("#b5422f");
    expect(coverageColour(100, "light")).toBe("#1b6b74");
    expect(coverageColour(89.99, "light")).toBe(coverageColour(75, "light"));
  });
});
