// People responsible, in words.
import type { Person } from "../api/contract";
import { say, sayCode } from "../text/language.svelte";

export const peopleWords = (people: readonly Pick<Person, "role" | "person">[]): string =>
  people.map(({ role, person }) => `${sayCode("role", role)} ${person}`).join(" · ") || say("plan.people.nobody");
