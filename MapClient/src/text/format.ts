// Numbers, sizes and times as people read them. Pure: language and time zone are given.
import type { Language } from "./language.svelte";

const locale = (language: Language) => (language === "zh" ? "zh-CN" : "en-GB");

export const formatNumber = (value: number | null | undefined, language: Language, digits = 0): string =>
  value === null || value === undefined || !Number.isFinite(value)
    ? "–"
    : new Intl.NumberFormat(locale(language), { maximumFractionDigits: digits, minimumFractionDigits: digits }).format(value);

/** Large counts for tight places: 123.5万 / 1.2M. */
export const formatShort = (value: number, language: Language): string =>
  Math.abs(value) < 1_000_000
    ? formatNumber(value, language)
    : new Intl.NumberFormat(locale(language), { notation: "compact", maximumFractionDigits: 1 }).format(value);

export const formatPercent = (value: number | null | undefined, language: Language, digits = 1): string =>
  value === null || value === undefined || !Number.isFinite(value) ? "–" : `${formatNumber(value, language, digits)}%`;

/** With its sign: a difference. */
export const formatSigned = (value: number, language: Language, digits = 0): string => {
  const shown = formatNumber(Math.abs(value), language, digits);
  const isNothing = Number(Math.abs(value).toFixed(digits)) === 0;
  return `${isNothing ? "±" : value > 0 ? "+" : "−"}${shown}`;
};

export const formatChange = (percent: number | null | undefined, language: Language): string =>
  percent === null || percent === undefined || !Number.isFinite(percent)
    ? "–"
    : `${percent > 0 ? "+" : percent < 0 ? "−" : "±"}${formatNumber(Math.abs(percent), language)}%`;

export const formatMetres = (metres: number, language: Language): string =>
  metres < 1000
    ? `${formatNumber(metres, language)} ${language === "zh" ? "米" : "m"}`
    : `${formatNumber(metres / 1000, language, metres % 1000 === 0 ? 0 : metres < 10_000 ? 2 : 1)} ${language === "zh" ? "公里" : "km"}`;

export const formatArea = (squareMetres: number, language: Language): string =>
  squareMetres < 100_000
    ? `${formatNumber(squareMetres, language)} m²`
    : `${formatNumber(squareMetres / 1e6, language, squareMetres < 10e6 ? 3 : 1)} km²`;

export const formatPlace = (place: { lon: number; lat: number }, digits = 5): string =>
  `${place.lon.toFixed(digits)}, ${place.lat.toFixed(digits)}`;

export function formatTime(instant: string | number | Date, language: Language, timeZone: string): string {
  return new Intl.DateTimeFormat(locale(language), {
    timeZone,
    year: "numeric",
    month: language === "zh" ? "2-digit" : "short",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(new Date(instant));
}

/** "3 minutes ago", coarse on purpose. */
export function formatAge(instant: string | number, now: number, language: Language): string {
  const seconds = Math.round((now - new Date(instant).getTime()) / 1000);
  const relative = new Intl.RelativeTimeFormat(locale(language), { numeric: "auto", style: "short" });
  const size = Math.abs(seconds);
  if (size < 45) return language === "zh" ? "刚刚" : "just now";
  if (size < 3600) return relative.format(-Math.round(seconds / 60), "minute");
  if (size < 86_400) return relative.format(-Math.round(seconds / 3600), "hour");
  return relative.format(-Math.round(seconds / 86_400), "day");
}

/** The calendar day in a zone, `YYYY-MM-DD`, moved by whole days. */
export function dayInZone(instant: number, timeZone: string, moveDays = 0): string {
  const day = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(instant);
  if (moveDays === 0) return day;
  const moved = new Date(`${day}T00:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + moveDays);
  return moved.toISOString().slice(0, 10);
}
