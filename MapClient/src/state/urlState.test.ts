import { describe, expect, it } from "vitest";
import { plainLink, readLink, writeLink, type Link } from "./urlState";

const full: Link = {
  ...plainLink(),
  view: { lon: 119.94812, lat: 31.78123, zoom: 14.25, bearing: -20.5, pitch: 45 },
  layers: { ...plainLink().layers, compounds: { on: false, opacity: 100 }, grids: { on: true, opacity: 60 } },
  heights: true,
  gridsDay: "2026-05-01",
  period: { since: "2026-03-01", until: "2026-03-31" },
  categories: ["E01", "E0104"],
  status: "",
  areaId: 12,
  selection: { kind: "incident", id: 98765 },
  panel: null,
  planId: 41,
  circle: { place: { lon: 119.948, lat: 31.78 }, minutes: null, radiusMetres: 450 },
  coverage: {
    facilityType: "elderly-care",
    tier: "community",
    serviceItem: "meals",
    openAt: "Sa 20:00",
    minutes: 5,
    by: "grid",
    method: "compare",
    demand: "cells",
    picture: "difference",
    shade: "capacity",
    task: "scenario",
    scenario: 17,
    compared: [17, 18],
  },
  walk: { profile: "elder" },
  siting: { objective: "median", sites: 12, candidates: "compounds", existing: "movable", weight: "elderly" },
  wishes: {
    backup: 2,
    costEach: 250000.5,
    budget: 1_000_000,
    capacityEach: 400,
    existingCapacity: 0,
    ages: [3, 0, 1],
    candidateType: "library",
    places: "119.948, 31.78, 250000, 400\n119.95,31.79",
    locked: [17, 18],
    closing: [19],
  },
  hotspots: { show: "grids", measure: "rate", bandwidthMetres: 600 },
  language: "en",
  theme: "dark",
};

describe("a permanent link", () => {
  it("opens the same view that wrote it", () => {
    expect(readLink(writeLink(full))).toEqual(full);
    expect(readLink(`#${writeLink(full)}`)).toEqual(full);
  });
  it("says nothing about what is as usual", () => {
    expect(writeLink(plainLink())).toBe("");
    expect(readLink("")).toEqual(plainLink());
  });
  it("keeps the walking minutes of a circle", () => {
    const link = { ...plainLink(), circle: { place: null, minutes: 15, radiusMetres: 300 } };
    expect(readLink(writeLink(link)).circle.minutes).toBe(15);
  });
  it("remembers that every layer is off", () => {
    const off = readLink("layers=none");
    expect(Object.values(off.layers).every((layer) => !layer.on)).toBe(true);
    expect(readLink(writeLink(off))).toEqual(off);
  });
  it.each([
    "map=99/31/119",
    "map=12/x/119",
    "map=",
    "layers=unknown",
    "period=2026-02-31..x",
    "period=2026-03-31..2026-03-01",
    "area=-4",
    "area=1.5e999",
    "sel=ufo:1",
    "sel=grid:-1",
    "panel=secret",
    "at=200,10",
    "reach=0min",
    "wishes=backup:9,cost:-1,budget:x,room:1.5,ages:1.2,type:<b>,keep:-1.x,close:",
    "reach=99999m",
    "walk=0",
    "by=planet",
    "method=guess",
    "pace=horse",
    "task=dream",
    "scenario=-1",
    "siting=cover/0/streets/keep/residents",
    "siting=best",
    "tier=<b>",
    "lang=tlh",
    "theme=pink",
    "category=<script>",
  ])("is not upset by %s", (text) => {
    const read = readLink(text);
    expect(read.view).toBeNull();
    expect(read.selection).toBeNull();
    expect(read.categories).toEqual([]);
    expect({ ...read, layers: null }).toEqual({ ...plainLink(), layers: null });
  });
});
