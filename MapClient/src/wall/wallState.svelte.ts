// What the wall knows, and how it stays true: the feed brings news, a slow clock asks for figures again,
// and after any gap everything is asked anew. Nothing here needs a person.
import type { CategoryCount, Incident, Summary } from "../api/contract";
import { askDensityContours, askDensityHeader, askDensityImage, askIncidents, askSummary } from "../api/server";
import type { Density } from "../state/answers.svelte";
import { areaById, categoryByCode, city, loadCity } from "../state/city.svelte";
import { listen, news } from "../state/news.svelte";
import { forget, inBothThemes } from "../state/recolour";
import { periodQuery } from "../state/period";

const tickerLength = 12;
const figuresEveryMs = 60_000;
const densityEveryMs = 600_000;
export const densityMetres = 350;

export const wall = $state({
  areaId: null as number | null,
  summary: null as Summary | null,
  ticker: [] as Incident[],
  density: null as Density | null,
  now: Date.now(),
  failing: false,
});

/** Whether everything shown is known to be current. */
export const current = () => !wall.failing && city.reached && news.feed === "live";

let asking = false;
let askAgain = false;
async function refreshFigures(): Promise<void> {
  if (asking) {
    askAgain = true;
    return;
  }
  asking = true;
  try {
    const areaId = wall.areaId ?? undefined;
    const today = periodQuery("today", city.timeZone, Date.now()).from;
    const [summary, page] = await Promise.all([askSummary({ areaId, from: today }), askIncidents({ areaId, limit: tickerLength })]);
    wall.summary = summary;
    wall.ticker = page.items;
    wall.failing = false;
  } catch {
    wall.failing = true;
  }
  asking = false;
  if (askAgain) {
    askAgain = false;
    setTimeout(() => void refreshFigures(), 500);
  }
}

async function refreshDensity(): Promise<void> {
  const filter = { from: periodQuery("30d", city.timeZone, Date.now()).from, areaId: wall.areaId ?? undefined };
  try {
    const header = await askDensityHeader(filter, densityMetres);
    if (header.count === 0) {
      wall.density = null;
      return;
    }
    const [picture, contours] = await Promise.all([
      askDensityImage(filter, densityMetres),
      askDensityContours(filter, densityMetres),
    ]);
    const before = wall.density;
    wall.density = { header, bbox: picture.bbox, image: await inBothThemes(picture.image), contours };
    if (before) setTimeout(() => forget(before.image), 5000);
  } catch {
    // The picture of the last month stays until a newer one can be had; the mark says that the wall is not current.
    wall.failing = true;
  }
}

export async function refreshAll(): Promise<void> {
  await loadCity();
  if (city.loading !== "ready") return;
  await Promise.all([refreshFigures(), refreshDensity()]);
}

export function startWall(areaId: number | null): void {
  wall.areaId = areaId;
  let gathered: ReturnType<typeof setTimeout> | undefined;
  let seenReload = 0;
  void refreshAll();
  listen(() => {
    clearTimeout(gathered);
    gathered = setTimeout(() => void refreshFigures(), 300);
  });
  setInterval(() => {
    wall.now = Date.now();
    city.minute = wall.now;
    // A bulk load or a gap in the feed: everything may be different.
    if (news.everything !== seenReload) {
      seenReload = news.everything;
      void refreshAll();
    }
  }, 1000);
  setInterval(() => {
    if (city.loading !== "ready" || !current()) void refreshAll();
  }, 5000);
  setInterval(() => void refreshFigures(), figuresEveryMs);
  setInterval(() => void refreshDensity(), densityEveryMs);
}

export const areaOfWall = () => areaById(wall.areaId) ?? city.areas.find((area) => area.parentId === null);

/** Categories of today added up to the level that a wall can show: the classes below the two top ones. */
export function topCategories(rows: CategoryCount[], length: number): CategoryCount[] {
  const sums = new Map<string, CategoryCount>();
  for (const row of rows) {
    let entry = categoryByCode(row.category);
    for (let above = entry; above?.parentCode && categoryByCode(above.parentCode)?.parentCode;) {
      above = categoryByCode(above.parentCode);
      entry = above;
    }
    const code = entry?.code ?? row.category;
    const known = sums.get(code);
    sums.set(code, {
      category: code,
      name: entry?.name ?? row.name,
      nameEn: entry?.nameEn ?? row.nameEn,
      count: (known?.count ?? 0) + row.count,
    });
  }
  const top = [...sums.values()].sort((a, b) => b.count - a.count).slice(0, length);
  // Components and events have classes of the same name: those say which they are.
  return top.map((row) => {
    if (top.filter((other) => other.name === row.name).length === 1) return row;
    const kind = categoryByCode(categoryByCode(row.category)?.parentCode ?? "");
    return kind ? { ...row, name: `${row.name}（${kind.name}）`, nameEn: `${row.nameEn} (${kind.nameEn})` } : row;
  });
}
