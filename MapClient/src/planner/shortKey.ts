import { planShown } from "../state/planShown.svelte";

/** A code as short as it stays clear beside those of the open plan, as the map has it. */
export function shortKey(key: string): string {
  if (key.startsWith("#") || key.length <= 6) return key;
  const { prefix, of } = planShown.labels;
  return `…${prefix && key.startsWith(prefix) ? of(key) : key.slice(-3)}`;
}
