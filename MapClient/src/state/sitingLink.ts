// The wizard's further wishes as one part of a link: "cost:250000,budget:1000000,ages:3.2.1,close:17.18". Pure.
import { number } from "./linkParts";
import { plainWishes, type SitingWishes } from "./sitingWishes";

/** A longer list of places is a file to hand on, no link. */
export const mostPlacesText = 8000;
const mostFacilities = 1000;

export function writeWishes(wishes: SitingWishes): string {
  const plain = plainWishes();
  const parts: [string, string | number | null, string | number | null][] = [
    ["backup", wishes.backup, plain.backup],
    ["cost", wishes.costEach, null],
    ["budget", wishes.budget, null],
    ["room", wishes.capacityEach, null],
    ["roomToday", wishes.existingCapacity, null],
    ["ages", wishes.ages && wishes.ages.join("."), null],
    ["type", wishes.candidateType, ""],
    ["keep", wishes.locked.join("."), ""],
    ["close", wishes.closing.join("."), ""],
  ];
  return parts
    .filter(([, value, usual]) => value !== null && value !== usual)
    .map(([name, value]) => `${name}:${value}`)
    .join(",");
}

/** Leniently: a wish that makes no sense is none. */
export function readWishes(text: string, places: string): SitingWishes {
  const wishes = plainWishes();
  const said = new Map(
    text.split(",").map((part): [string, string] => {
      const [name = "", value = ""] = part.split(":", 2);
      return [name, value];
    }),
  );
  const figure = (name: string, least: number, most: number, whole: boolean) => {
    const value = number(said.get(name), least, most);
    return value !== null && (!whole || Number.isInteger(value)) ? value : null;
  };
  const ids = (name: string) =>
    [...new Set((said.get(name) ?? "").split(".").map((part) => number(part, 1, Number.MAX_SAFE_INTEGER)))]
      .filter((id): id is number => id !== null && Number.isInteger(id))
      .slice(0, mostFacilities);
  const type = said.get("type") ?? "";
  const ages = (said.get("ages") ?? "").split(".").flatMap((part) => number(part, 0, 100) ?? []);
  const [elderly = 0, children = 0, others = 0] = ages;
  if (ages.length === 3) wishes.ages = [elderly, children, others];
  wishes.backup = figure("backup", 1, 3, true) ?? wishes.backup;
  wishes.costEach = figure("cost", 0.001, 1e9, false);
  wishes.budget = figure("budget", 0, 1e12, false);
  wishes.capacityEach = figure("room", 1, 10_000_000, true);
  wishes.existingCapacity = figure("roomToday", 0, 10_000_000, true);
  wishes.candidateType = /^[\w-]{1,60}$/.test(type) ? type : "";
  wishes.locked = ids("keep");
  wishes.closing = ids("close");
  wishes.places = places.slice(0, mostPlacesText);
  return wishes;
}
