import { afterEach, expect, it } from "vitest";
import { sayFault, sayNamedFault } from "./faults";
import { setLanguage } from "./language.svelte";

afterEach(() => setLanguage("zh"));
const fault = (code: string, expected: string, field = "name") => ({ field, code, expected });

it("says what is wrong in the desk's language, with the server's numbers", () => {
  expect(sayFault(fault("text.length", "1 to 100 characters"))).toBe("长度应为 1 到 100 个字");
  expect(sayFault(fault("text.length", "at most 200 characters"))).toBe("至多 200 个字");
  expect(sayFault(fault("number.out-of-range", "a number from 0 to below 1000000"))).toBe("应为 0 到 1000000");
  expect(sayFault(fault("number.out-of-range", "a number above least, at most 5.5"))).toBe("至多 5.5");
  expect(sayFault(fault("list.length", "2 grids"))).toBe("应正好有 2 项");
  setLanguage("en");
  expect(sayFault(fault("number.out-of-range", "a latitude from -90 to 90"))).toBe("Must be from -90 to 90");
});
it("says it without numbers where there are none, or others than are meant", () => {
  expect(sayFault(fault("number.out-of-range", "a longitude and a latitude"))).toBe("数值不在允许的范围内");
  expect(sayFault(fault("number.out-of-range", "one of the 3 proposals, counted from 0"))).toBe("数值不在允许的范围内");
  expect(sayFault(fault("grid.unknown", "the code of a grid, 1 to 9"))).toBe("方案里没有这个网格");
});
it("hands the server's own words on where it knows none", () => {
  expect(sayFault(fault("moon.full", "a new moon"))).toBe("应为a new moon");
});
it("names the field as the desk does, wherever it is in the question", () => {
  expect(sayNamedFault(fault("field.missing", "a reason", "reason"))).toBe("理由:必填");
  expect(sayNamedFault(fault("grid.unknown", "a code", "grids[3]"))).toBe("网格:方案里没有这个网格");
  expect(sayNamedFault(fault("geometry.not-closed", "", "geometry.coordinates[0]"))).toBe("图形:边界没有闭合");
  expect(sayNamedFault(fault("edit.too-small", "", "merge"))).toBe("某个网格会过小。");
});
