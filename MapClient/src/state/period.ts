import { dayInZone } from "../text/format";

export const presets = ["today", "7d", "30d", "12m"] as const;
export type Preset = (typeof presets)[number];
/** A preset that moves with the days, or fixed days: `until` is the last day that counts. */
export type Period = Preset | { since: string; until: string };

const daysBack: Record<Preset, number> = { today: 0, "7d": 6, "30d": 29, "12m": 364 };
export const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));

const nextDay = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/** What the server is asked: half-open, in the city's own days. */
export function periodQuery(period: Period, timeZone: string, now: number): { from: string; to?: string } {
  if (typeof period === "string") return { from: dayInZone(now, timeZone, -daysBack[period]) };
  return { from: period.since, to: nextDay(period.until) };
}
