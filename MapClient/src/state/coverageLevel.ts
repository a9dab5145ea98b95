// By which areas coverage is told: a city need not have every level.
import { city } from "./city.svelte";
import { desk } from "./desk.svelte";
import { levelFrom, levels, type Level } from "./walkingLink";

export const levelsHere = (): Level[] =>
  levels.filter((level) => level === "grid" || city.areas.some((area) => area.level === level));

/** The level that is wished for, or the next one down that the city has. */
export const levelShown = (wished: Level = desk.coverage.by): Level => levelFrom(wished, levelsHere());
