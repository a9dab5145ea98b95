import { expect, test } from "vitest";
import { sharpnessOf } from "./sharpness";

test.each([
  ["", 2, 2],
  ["?sharpness=0.5", 1, 0.5],
  ["?lang=en&sharpness=2", 1, 2],
  ["?sharpness=0", 1, 1],
  ["?sharpness=9", 1, 1],
  ["?sharpness=much", 1.5, 1.5],
])("%s on a screen of ratio %d draws %d pixels", (search, ratio, expected) => {
  expect(sharpnessOf(search, ratio)).toBe(expected);
});
