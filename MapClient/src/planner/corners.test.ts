import { expect, it } from "vitest";
import { readCorners } from "./corners";

it("reads a polygon typed line by line", () => {
  expect(readCorners("119.1, 31.1\n\n 119.2 31.1 \n119.2,31.2")).toEqual([
    [119.1, 31.1],
    [119.2, 31.1],
    [119.2, 31.2],
  ]);
});
it("refuses what is no polygon", () => {
  expect(readCorners("119.1, 31.1\n119.2, 31.1")).toBeNull();
  expect(readCorners("119.1, 31.1\n119.2, 31.1\nnorth")).toBeNull();
  expect(readCorners("")).toBeNull();
});
