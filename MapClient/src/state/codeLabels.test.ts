import { describe, expect, it } from "vitest";
import { codeLabels } from "./codeLabels";

describe("codes on a map", () => {
  const labels = (keys: string[]) => keys.map(codeLabels(keys).of);
  it("are the last three digits within a community, and what all begin with is told apart", () => {
    const keys = ["990102001001005", "990102001001012"];
    expect(codeLabels(keys).prefix).toBe("990102001001");
    expect(labels(keys)).toEqual(["005", "012"]);
  });
  it("are longer where communities number alike, so that every label is one grid's alone", () => {
    const keys = ["990102001001005", "990102001002005", "990102001012001"];
    expect(labels(keys)).toEqual(["01005", "02005", "12001"]);
    for (const key of keys) expect(codeLabels(keys).prefix + codeLabels(keys).of(key)).toBe(key);
  });
  it("are whole where they have nothing in common, and a new grid has its number", () => {
    expect(labels(["A-001", "B-001", "#7"])).toEqual(["A-001", "B-001", "#7"]);
    expect(labels(["12", "#3"])).toEqual(["12", "#3"]);
    expect(codeLabels([])).toMatchObject({ prefix: "" });
  });
});
