import { expect, it } from "vitest";
import { ringMinutes } from "./ringMinutes";

it.each([
  [{ minutes: 5, radiusMetres: 300 }, "adult", [5, 10, 15]],
  [{ minutes: 12, radiusMetres: 300 }, "elder", [5, 10, 12, 15]],
  [{ minutes: null, radiusMetres: 480 }, "adult", [8]],
  [{ minutes: null, radiusMetres: 480 }, "elder", [10]],
  [{ minutes: null, radiusMetres: 450 }, "child", [10]],
] as const)("walks %o at the pace of %s for %o minutes", (reach, profile, minutes) =>
  expect(ringMinutes(reach, 60, profile)).toEqual(minutes),
);
