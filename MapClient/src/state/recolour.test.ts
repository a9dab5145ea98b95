import { expect, it } from "vitest";
import { rampAt, recolour } from "./recolour";
import { heatRamp } from "./symbology";

const picture = (opacities: number[]) => new Uint8ClampedArray(opacities.flatMap((opacity) => [255, 245, 190, opacity]));

it("gives the strongest level the last colour and leaves nothing as nothing", () => {
  const pixels = picture([0, 70, 140, 225]);
  recolour(pixels, "dark");
  expect([...pixels.slice(12, 15)]).toEqual(rampAt(heatRamp.dark, 1));
  expect([...pixels.slice(0, 4)]).toEqual([255, 245, 190, 0]);
});
it("keeps the order of the levels", () => {
  const pixels = picture([70, 71, 90, 140, 200, 225]);
  recolour(pixels, "light");
  const opacities = [...pixels].filter((_, index) => index % 4 === 3);
  expect(opacities).toEqual([...opacities].sort((a, b) => a - b));
  expect(new Set(opacities.slice(0, 2)).size).toBe(2);
});
it("mixes the colours between steps", () => {
  expect(rampAt(["#000000", "#ffffff"], 0.5)).toEqual([128, 128, 128]);
  expect(rampAt(["#000000", "#ffffff"], 7)).toEqual([255, 255, 255]);
});
