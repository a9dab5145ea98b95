import { expect, it } from "vitest";
import { scaleBar } from "./scaleBar";

it("is a round length that fits, and true at the latitude", () => {
  for (const zoom of [5, 10, 13.7, 18]) {
    const { metres, pixels } = scaleBar(31.78, zoom, 110);
    expect(pixels).toBeLessThanOrEqual(110);
    expect(pixels).toBeGreaterThan(40);
    expect(String(metres)).toMatch(/^[125]0*$/);
  }
  // Zoom 0 shows the equator, 40,075 km, on 512 pixels.
  const equator = scaleBar(0, 10, 110);
  expect(equator.metres / equator.pixels).toBeCloseTo(40_075_016.686 / 512 / 1024, 6);
});
