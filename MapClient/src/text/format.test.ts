import { expect, it } from "vitest";
import {
  formatAge,
  formatArea,
  formatChange,
  formatMetres,
  formatNumber,
  formatPercent,
  formatPlace,
  formatSigned,
  formatShort,
  formatTime,
} from "./format";

it("writes numbers with separators and says nothing about nothing", () => {
  expect(formatNumber(1234567, "zh")).toBe("1,234,567");
  expect(formatNumber(null, "en")).toBe("–");
  expect(formatNumber(Number.NaN, "en")).toBe("–");
  expect(formatPercent(93.456, "en")).toBe("93.5%");
});
it("writes a difference with its sign", () => {
  expect(formatSigned(1234, "zh")).toBe("+1,234");
  expect(formatSigned(-0.26, "en", 1)).toBe("−0.3");
  expect(formatSigned(0.04, "en", 1)).toBe("±0.0");
});
it("shortens large counts in each language's own way", () => {
  expect(formatShort(999_999, "zh")).toBe("999,999");
  expect(formatShort(1_234_567, "zh")).toBe("123.5万");
  expect(formatShort(1_234_567, "en")).toBe("1.2m");
});
it("changes unit when a length or an area gets large", () => {
  expect(formatMetres(999, "en")).toBe("999 m");
  expect(formatMetres(1500, "zh")).toBe("1.50 公里");
  expect(formatMetres(2000, "en")).toBe("2 km");
  expect(formatArea(99_999, "en")).toBe("99,999 m²");
  expect(formatArea(1_234_567, "en")).toBe("1.235 km²");
});
it("signs changes", () => {
  expect(formatChange(12.4, "en")).toBe("+12%");
  expect(formatChange(-12.4, "en")).toBe("−12%");
  expect(formatChange(0, "en")).toBe("±0%");
  expect(formatChange(null, "en")).toBe("–");
});
it("tells the time of the city, not of the computer", () => {
  expect(formatTime("2026-03-01T17:30:00Z", "zh", "Asia/Shanghai")).toBe("2026/03/02 01:30");
  expect(formatTime("2026-03-01T17:30:00Z", "en", "Asia/Shanghai")).toBe("02 Mar 2026, 01:30");
});
it("tells ages coarsely", () => {
  const now = Date.parse("2026-03-01T12:00:00Z");
  expect(formatAge("2026-03-01T11:59:50Z", now, "zh")).toBe("刚刚");
  expect(formatAge("2026-03-01T11:55:00Z", now, "zh")).toBe("5分钟前");
  expect(formatAge("2026-03-01T09:00:00Z", now, "en")).toBe("3 hr ago");
});
it("writes places longitude first", () => {
  expect(formatPlace({ lon: 119.9481234, lat: 31.78 })).toBe("119.94812, 31.78000");
});
