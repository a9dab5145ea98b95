import { expect, it } from "vitest";
import { bboxOf } from "./extent";
import { readPlace } from "./place";

it("reads places the way people type them", () => {
  for (const text of ["119.948, 31.78", "119.948,31.78", "119.948 31.78", " 119.948,31.78 ", "119.948;31.78"]) {
    expect(readPlace(text), text).toEqual({ lon: 119.948, lat: 31.78 });
  }
  expect(readPlace("-0.1, -51.5")).toEqual({ lon: -0.1, lat: -51.5 });
});
it("refuses what is no place", () => {
  for (const text of ["", "119.948", "119,31,5", "181, 10", "10, 91", "here, there", "NaN, 1"])
    expect(readPlace(text), text).toBeNull();
});
it("finds the box of any geometry", () => {
  expect(bboxOf({ type: "Point", coordinates: [1, 2] })).toEqual([1, 2, 1, 2]);
  expect(
    bboxOf({
      type: "MultiPolygon",
      coordinates: [
        [
          [
            [0, 0],
            [4, 0],
            [4, 3],
            [0, 0],
          ],
        ],
        [
          [
            [9, -2],
            [10, -2],
            [10, -1],
            [9, -2],
          ],
        ],
      ],
    }),
  ).toEqual([0, -2, 10, 3]);
  expect(bboxOf({ type: "LineString", coordinates: [] })).toBeNull();
});
