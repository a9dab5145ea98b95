import { expect, it } from "vitest";
import { labelPlace } from "./labelPlace";
import { gridAround } from "./planSnap";

it("puts a label inside, where there is room, also in a bent shape with a hole", () => {
  const bent = {
    type: "Polygon" as const,
    coordinates: [
      [
        [0, 0],
        [10, 0],
        [10, 10],
        [8, 10],
        [8, 2],
        [0, 2],
        [0, 0],
      ],
      [
        [3, 0.5],
        [3, 1.5],
        [4, 1.5],
        [4, 0.5],
        [3, 0.5],
      ],
    ],
  };
  const at = labelPlace(bent);
  const grid = {
    key: "bent",
    bbox: [0, 0, 10, 10] as [number, number, number, number],
    geometry: bent,
    area: { id: 1, code: "", name: "", nameEn: "", level: "community" as const },
  };
  expect(gridAround(at, [grid])).toBe("bent");
});
it("keeps as far from borders as it can, so that a label lies over none", () => {
  const room = (corners: [number, number][]) => {
    const [, lat] = labelPlace({ type: "Polygon", coordinates: [[...corners, corners[0] as [number, number]]] });
    return lat;
  };
  // Broadest at the top, where a label would lie on the border; below there is room.
  const roomy = room([
    [0, 0],
    [0.004, 0],
    [0.004, 0.0038],
    [0.005, 0.0038],
    [0.005, 0.004],
    [-0.001, 0.004],
    [-0.001, 0.0038],
    [0, 0.0038],
  ]);
  expect(roomy).toBeGreaterThan(0.0012);
  expect(roomy).toBeLessThan(0.0028);
});
