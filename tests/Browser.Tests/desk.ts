// What every test does with a page: open it, wait until the map is still, and insist on a clean console.
import { expect, test as plain, type Page } from "@playwright/test";
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";

export const desk = () => process.env["DESK"] as string;
export const empty = () => process.env["EMPTY"] as string;
export const key = () => process.env["KEY"] as string;
const pictures = resolve(import.meta.dirname, "../../artifacts");
mkdirSync(pictures, { recursive: true });

export type Place = { lon: number; lat: number };
type Drawn = { layer: { id: string }; properties: Record<string, unknown> };
declare global {
  interface Window {
    gridMap: {
      loaded: () => boolean;
      getStyle: () => { sources: Record<string, unknown> } | undefined;
      areTilesLoaded: () => boolean;
      isMoving: () => boolean;
      getZoom: () => number;
      getCenter: () => { lng: number; lat: number };
      project: (at: [number, number]) => { x: number; y: number };
      queryRenderedFeatures: () => Drawn[];
      once: (event: string, then: () => void) => void;
      jumpTo: (view: { center: [number, number]; zoom: number }) => void;
    };
  }
}

/** Fails when the page complained in its console, unless the test says which complaints it means to provoke. */
export const test = plain.extend<{ complaints: { allow: RegExp[] } }>({
  complaints: [
    async ({ page }, use) => {
      const heard: string[] = [];
      const complaints = { allow: [] as RegExp[] };
      page.on("console", (message) => {
        if (message.type() === "error") heard.push(`${message.text()} ${message.location().url}`);
      });
      page.on("pageerror", (error) => heard.push(String(error)));
      await use(complaints);
      expect(heard.filter((text) => !complaints.allow.some((pattern) => pattern.test(text)))).toEqual([]);
    },
    { auto: true },
  ],
});
export { expect };

export async function mapIdle(page: Page): Promise<void> {
  // The wall's map never comes to rest, because live incidents pulse on it: there the tiles decide.
  await page.waitForFunction(
    () => {
      const map = window.gridMap;
      if (!map || Object.keys(map.getStyle()?.sources ?? {}).length < 4 || !map.areTilesLoaded() || map.isMoving()) return false;
      return map.loaded() || document.querySelector(".wall") !== null;
    },
    null,
    { timeout: 150_000 },
  );
}
/** The map is drawn with a quarter of its pixels, which is quicker without a graphics card and changes nothing that is asked of it. */
export async function openDesk(page: Page, hash = "", address = `${desk()}/?sharpness=0.5`): Promise<void> {
  await page.goto(`${address}#${hash}`);
  await mapIdle(page);
}
export const layersDrawn = (page: Page) => page.evaluate(() => [...new Set(window.gridMap.queryRenderedFeatures().map((feature) => feature.layer.id))]);

export async function clickOnMap(page: Page, { lon, lat }: Place): Promise<void> {
  const at = await page.evaluate(([lon, lat]) => window.gridMap.project([lon as number, lat as number]), [lon, lat]);
  await page.locator("#map canvas.maplibregl-canvas").click({ position: at });
}
export async function signIn(page: Page): Promise<void> {
  await page.getByTestId("session").click();
  await page.locator("#session-key").fill(key());
  await page.locator("#session-key").press("Enter");
  await expect(page.getByTestId("session")).toContainText("browser-tests");
}
export const picture = (page: Page, name: string) => page.screenshot({ path: resolve(pictures, `${name}.png`), timeout: 60_000 });

export async function ask<T>(path: string): Promise<T> {
  const answer = await fetch(desk() + path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}
export async function tell<T>(method: string, path: string, body: unknown): Promise<T> {
  const answer = await fetch(desk() + path, {
    method,
    headers: { "content-type": "application/json", authorization: `Bearer ${key()}` },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}
/** A place in the middle of the city, inside a grid. */
export async function middle(): Promise<Place> {
  const { bbox } = await ask<{ bbox: [number, number, number, number] }>("/api/city");
  const { items } = await ask<{ items: { level: string; place: Place }[] }>("/api/areas");
  const centre = { lon: (bbox[0] + bbox[2]) / 2, lat: (bbox[1] + bbox[3]) / 2 };
  const far = (place: Place) => Math.hypot(place.lon - centre.lon, place.lat - centre.lat);
  const nearest = items.filter((area) => area.level === "community").sort((a, b) => far(a.place) - far(b.place))[0];
  return nearest?.place ?? centre;
}
export const somewhere = ({ lon, lat }: Place, zoom: number) => `map=${zoom}/${lat.toFixed(5)}/${lon.toFixed(5)}`;
export const shown = (value: number) => new Intl.NumberFormat("zh-CN").format(value);
