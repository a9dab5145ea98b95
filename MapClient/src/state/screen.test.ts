import { expect, it } from "vitest";
import { screenScale } from "./screen.svelte";

it.each([
  [1440, 900, 1],
  [1920, 1080, 1],
  [2560, 1440, 1.2],
  [3840, 2160, 1.6],
  [3840, 1080, 1],
])("enlarges the desk on a screen of %i × %i by %f", (width, height, scale) => expect(screenScale(width, height)).toBe(scale));
