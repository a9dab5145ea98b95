import { describe, expect, it } from "vitest";
import { plainWishes, readPlaces, sitingInputs, wishFaults } from "./sitingWishes";
import { plainWalking } from "./walkingLink";

const asked = { facilityType: "clinic", minutes: 10, profile: "adult" as const };
const plain = plainWalking().siting;

describe("places of one's own", () => {
  it("are read line by line, with cost and capacity where they are said", () => {
    expect(readPlaces("119.9, 31.7\n\n119.91,31.71,250000,40\n119.92,31.72,,30").places).toEqual([
      { lon: 119.9, lat: 31.7, cost: null, capacity: null },
      { lon: 119.91, lat: 31.71, cost: 250000, capacity: 40 },
      { lon: 119.92, lat: 31.72, cost: null, capacity: 30 },
    ]);
  });
  it("name the first line that cannot be read", () => {
    for (const wrong of ["119.9", "119.9,31.7,cheap", "119.9,31.7,-1", "119.9,31.7,1,1.5", "200,31.7", "1,2,3,4,5"])
      expect(readPlaces(`119.9,31.7\n${wrong}`).wrongLine).toBe(2);
    expect(readPlaces("").wrongLine).toBeNull();
  });
});

describe("the question", () => {
  it("is the short one while nothing more is wished", () => {
    expect(sitingInputs(asked, plain, plainWishes())).toEqual({
      ...asked,
      objective: "cover",
      existing: "keep",
      sites: 5,
      weight: "residents",
      candidates: "streets",
    });
  });
  it("says only what belongs to the objective", () => {
    const wishes = {
      ...plainWishes(),
      costEach: 5,
      budget: 9,
      capacityEach: 100,
      existingCapacity: 50,
      backup: 1,
      locked: [1],
      closing: [2],
    };
    expect(sitingInputs(asked, plain, wishes)).toMatchObject({
      costEach: 5,
      budget: 9,
      capacityEach: 100,
      existingCapacity: 50,
      closing: [2],
    });
    expect(sitingInputs(asked, plain, wishes)).not.toHaveProperty("locked");
    const fewest = sitingInputs(asked, { ...plain, objective: "fewest" }, wishes);
    for (const name of ["sites", "budget", "capacityEach", "existingCapacity"]) expect(fewest).not.toHaveProperty(name);
    expect(fewest).toMatchObject({ costEach: 5 });
    const center = sitingInputs(asked, { ...plain, objective: "center", existing: "movable" }, { ...wishes, backup: 3 });
    for (const name of ["costEach", "budget", "backup", "capacityEach"]) expect(center).not.toHaveProperty(name);
    expect(center).toMatchObject({ locked: [1], closing: [2] });
    expect(sitingInputs(asked, plain, { ...plainWishes(), backup: 2, ages: [3, 2, 1] })).toMatchObject({
      backup: 2,
      ages: "3,2,1",
    });
  });
  it("names places as the server reads them", () => {
    const wishes = { ...plainWishes(), places: "119.9,31.7,5,40\n119.91,31.7" };
    expect(sitingInputs(asked, { ...plain, candidates: "places" }, wishes)["place"]).toEqual(["119.9,31.7,5,40", "119.91,31.7,,"]);
    expect(sitingInputs(asked, { ...plain, candidates: "places", objective: "center" }, wishes)["place"]).toEqual([
      "119.9,31.7,,",
      "119.91,31.7,,",
    ]);
  });
});

it("finds what cannot be meant before the server is asked", () => {
  expect(wishFaults(plain, plainWishes())).toEqual([]);
  const fields = (siting: Partial<typeof plain>, wishes: Partial<ReturnType<typeof plainWishes>>) =>
    wishFaults({ ...plain, ...siting }, { ...plainWishes(), ...wishes }).map((fault) => fault.field);
  expect(fields({}, { budget: 5 })).toEqual(["budget"]);
  expect(fields({ candidates: "places" }, {})).toEqual(["places"]);
  expect(fields({ candidates: "places" }, { places: "119.9,31.7,4", budget: 5 })).toEqual([]);
  expect(fields({ candidates: "facilities" }, {})).toEqual(["candidateType"]);
  expect(fields({}, { ages: [0, 0, 0] })).toEqual(["ages"]);
});
