import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { incidentStatuses, severities, sources } from "./api/contract";
import { en } from "./text/en";
import { say, setLanguage } from "./text/language.svelte";
import { zh } from "./text/zh";

const source = resolve(import.meta.dirname);
const filesBelow = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

describe("the words", () => {
  it("are the same keys in both languages, none empty", () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
    for (const [key, text] of [...Object.entries(zh), ...Object.entries(en)]) expect(text.trim(), key).not.toBe("");
  });
  it("have the same holes in both languages", () => {
    for (const key of Object.keys(zh) as (keyof typeof zh)[]) expect(holes(en[key]), key).toEqual(holes(zh[key]));
  });
  it("name every status, severity and source of the contract", () => {
    for (const status of incidentStatuses) expect(zh).toHaveProperty([`status.${status}`]);
    for (const severity of severities) expect(zh).toHaveProperty([`severity.${severity}`]);
    for (const name of sources) expect(zh).toHaveProperty([`source.${name}`]);
  });
  it("are filled in", () => {
    setLanguage("en");
    expect(say("coverage.covered", { covered: 3, all: 4 })).toBe("3 of 4 people");
    setLanguage("zh");
    expect(say("coverage.covered", { covered: 3, all: 4 })).toBe("3 / 4 人");
  });
  it("go with their number", () => {
    setLanguage("en");
    expect(say("plan.publish.changes", { n: 1 })).toBe("1 grid differs from today");
    expect(say("plan.publish.changes", { n: "1,001" })).toBe("1,001 grids differ from today");
    expect(say("plan.publish.consulted", { agree: 0, object: 2, silent: 1 })).toBe("0 agree, 2 object, 1 has said nothing");
    setLanguage("zh");
  });
  it("stand nowhere but in the two files", () => {
    const components = filesBelow(source).filter(
      (file) => file.endsWith(".svelte") || (file.endsWith(".ts") && !/\.test\.ts$|text\/(zh|en|format|language)/.test(file)),
    );
    expect(components.length).toBeGreaterThan(40);
    // Code may hold a Chinese separator (a comma people type), never a Chinese word.
    const spoken = components.filter((file) =>
      /[\u4e00-\u9fff]/.test(readFileSync(file, "utf8").replace(/^\s*(\/\/|\*|\/\*).*$/gm, "")),
    );
    expect(spoken).toEqual([]);
  });
});

describe("reason codes", () => {
  const server = resolve(source, "../../Server");
  const problems = filesBelow(join(server, "Http")).filter((file) => file.endsWith("Problems.cs"));
  const codes = [
    ...new Set(
      problems.flatMap((file) =>
        [...readFileSync(file, "utf8").matchAll(/"([a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*)"/g)].map(([, code]) => code),
      ),
    ),
  ];
  it("of the server's one table have words", () => {
    expect(codes.length).toBeGreaterThan(0);
    expect(codes.filter((code) => !(`problem.${code}` in zh))).toEqual([]);
  });

  /** What a pattern finds in the C# files of folders, or in single files. */
  const found = (paths: string[], pattern: RegExp): string[] => [
    ...new Set(
      paths
        .map((path) => resolve(source, "../..", path))
        .flatMap((path) => (statSync(path).isDirectory() ? filesBelow(path) : [path]))
        .filter((file) => file.endsWith(".cs"))
        .flatMap((file) => [...readFileSync(file, "utf8").matchAll(pattern)].map(([, code]) => code ?? "")),
    ),
  ];
  const constant = /const string \w+ = "([a-z-]+\.[a-z-]+)"/g;
  const unsaid = (prefix: string, told: string[]) => told.filter((code) => !(`${prefix}.${code}` in zh));
  it("of fields that planning refuses have words", () => {
    const told = found(
      ["Server/Plans", "Server/Http/Body.cs", "Server/Http/CityClock.cs"],
      /(?:FieldError|Refused\.Field)\([^;]{0,160}?"([a-z-]+\.[a-z-]+)"/g,
    );
    expect(told).toEqual(
      expect.arrayContaining(["grid.unknown", "list.length", "time.before-base", "decision.not-beside", "file.unreadable"]),
    );
    expect(unsaid("reason", told)).toEqual([]);
  });
  it("of whole plans have words", () => {
    const told = found(["Server/Plans"], /new Refused\("([a-z-]+\.[a-z-]+)"/g);
    expect(told).toEqual(expect.arrayContaining(["plan.faults", "plan.base-changed"]));
    expect(unsaid("problem", told)).toEqual([]);
  });
  it("of edits, drawings and divisions have words", () => {
    const told = found(["Geo/Grids/Arc.cs", "Geo/Grids/GridDivision.cs", "Geo/GeoJson/GeoJsonResult.cs"], constant);
    expect(told).toEqual(expect.arrayContaining(["edit.line-along-border", "geometry.not-closed", "grid.block-too-large"]));
    expect(unsaid("reason", told)).toEqual([]);
  });
  it("of faults in grids have words", () => {
    const told = found(["Geo/Grids/GridFault.cs"], constant);
    expect(told).toEqual(expect.arrayContaining(["partition.gap", "grid.mesh-too-large"]));
    expect(unsaid("plan.fault", told)).toEqual([]);
  });
});
