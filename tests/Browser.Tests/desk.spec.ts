import { ask, clickOnMap, desk, empty, expect, layersDrawn, mapIdle, middle, openDesk, picture, shown, signIn, somewhere, tell, test, type Place } from "./desk.js";

type Grid = { id: number; code: string; name: string; place: Place; bbox: [number, number, number, number] };
type Category = { code: string; name: string; parentCode: string | null };
const leafCategory = async () => {
  const { items } = await ask<{ items: Category[] }>("/api/catalogues/incident-categories");
  const parents = new Set(items.map((entry) => entry.parentCode));
  return items.find((entry) => entry.parentCode !== null && !parents.has(entry.code)) as Category;
};
const circleOf = ({ lon, lat }: Place, minutes: number) =>
  ask<{ buildings: { count: number; residents: number }; incidents: { count: number }; facilities: { count: number } }>(
    `/api/circle?lon=${lon}&lat=${lat}&minutes=${minutes}`,
  );

test("opens the desk and sees the city", async ({ page }) => {
  await openDesk(page);
  const city = await ask<{ name: string }>("/api/city");
  await expect(page.locator("header .crumb.last")).toHaveText(city.name);
  await expect(page).toHaveTitle(new RegExp(city.name));
  await expect.poll(() => layersDrawn(page)).toEqual(expect.arrayContaining(["landscape-names", "incidents", "area-city", "grid-edges", "road-arterial-fill", "area-names-community"]));
  await picture(page, "desk-1440-zh-light");
  await openDesk(page, somewhere(await middle(), 15.6));
  await page.reload();
  await mapIdle(page);
  await expect.poll(() => layersDrawn(page)).toEqual(expect.arrayContaining(["buildings", "road-lane-fill", "grid-names", "facilities"]));
  await picture(page, "desk-close-1440-zh-light");
});

test("finds a grid by its code, flies there and shows its card", async ({ page }) => {
  await openDesk(page);
  const { items } = await ask<{ items: { kind: string; code: string; id: number }[] }>(`/api/search?q=${encodeURIComponent("网格")}&limit=10`);
  const grid = items.find((item) => item.kind === "grid");
  expect(grid).toBeDefined();
  await page.keyboard.press("/");
  await expect(page.getByRole("combobox", { name: "搜索" })).toBeFocused();
  await page.keyboard.type(grid?.code ?? "");
  await expect(page.getByRole("option").first()).toContainText(grid?.code ?? "");
  await page.keyboard.press("Enter");
  await expect(page.locator("aside.card")).toContainText(grid?.code ?? "");
  await expect(page.locator("aside.card")).toContainText("户数");
  await mapIdle(page);
  expect(await page.evaluate(() => window.gridMap.getZoom())).toBeGreaterThan(13);
  await expect.poll(() => layersDrawn(page)).toContain("grid-selected-edge");
  await picture(page, "search-card-1440-zh-light");
});

test("draws a circle whose numbers are the API's, and follows another reach", async ({ page }) => {
  const place = await middle();
  await openDesk(page, `${somewhere(place, 14.5)}&panel=circle&period=12m`);
  await clickOnMap(page, place);
  await expect(page.getByTestId("circle-answer")).toBeVisible();
  const hash = await page.evaluate(() => location.hash);
  const [lon, lat] = (/at=([-\d.]+),([-\d.]+)/.exec(hash) ?? []).slice(1).map(Number);
  expect(Math.hypot((lon as number) - place.lon, (lat as number) - place.lat)).toBeLessThan(0.0005);
  const at = { lon: lon as number, lat: lat as number };
  for (const minutes of [5, 10]) {
    await page.getByRole("radio", { name: `${minutes} 分钟`, exact: true }).check({ force: true });
    const told = await circleOf(at, minutes);
    await expect(page.getByTestId("circle-buildings")).toHaveText(shown(told.buildings.count));
    await expect(page.getByTestId("circle-residents")).toHaveText(shown(told.buildings.residents));
    await expect(page.getByTestId("circle-facilities")).toHaveText(shown(told.facilities.count));
  }
  await mapIdle(page);
  await expect.poll(() => layersDrawn(page)).toContain("circle-edge");
  await picture(page, "circle-1440-zh-light");
});

test("draws a circle with nothing but the keyboard", async ({ page }) => {
  const place = await middle();
  await openDesk(page, somewhere(place, 14.5));
  await page.locator('[data-panel="circle"]').focus();
  await page.keyboard.press("Enter");
  await page.locator("#circle-place").focus();
  await page.keyboard.type(`${place.lon}, ${place.lat}`);
  await page.keyboard.press("Enter");
  const told = await circleOf(place, 5);
  await expect(page.getByTestId("circle-residents")).toHaveText(shown(told.buildings.residents));
  await page.locator(".map-marker.centre").focus();
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => page.evaluate(() => location.hash)).not.toContain(`at=${place.lon},`);
  await page.locator("#circle-place").fill("no place at all");
  await page.locator("#circle-place").press("Enter");
  await expect(page.locator("#circle-place-note")).toContainText("经度, 纬度");
});

test("reports an incident, sees it on the map and in the list, and works on it", async ({ page }) => {
  const place = await middle();
  await openDesk(page, `${somewhere(place, 16)}&panel=report`);
  await signIn(page);
  await page.getByRole("button", { name: "上报", exact: true }).last().click();
  await expect(page.getByText("请选择位置")).toBeVisible();
  await expect(page.locator(".fault", { hasText: "请选择类别" })).toBeVisible();
  await page.locator("#report-place").fill("999, 31");
  await page.locator("#report-place").press("Tab");
  await expect(page.locator("#report-place-note")).toContainText("应为");
  await clickOnMap(page, place);
  await expect(page.locator(".map-marker.report")).toBeVisible();
  await expect(page.getByText("所在网格")).toBeVisible();
  await page.locator("#report-category").selectOption((await leafCategory()).code);
  const title = `浏览器测试 ${Date.now()}`;
  await page.locator("#report-title").fill(title);
  await picture(page, "report-1440-zh-light");
  await page.getByRole("button", { name: "上报", exact: true }).last().click();
  await expect(page.getByTestId("incident-card")).toBeVisible();
  await expect(page.locator("aside.card h2")).toHaveText(title);
  await expect(page.getByTestId("incident-list")).toContainText(title);
  await expect.poll(() => layersDrawn(page)).toContain("incidents-fresh");
  await expect(page.locator("#report-place-note")).toHaveCount(0);
  await page.getByTestId("incident-card").getByRole("button", { name: "受理" }).click();
  await expect(page.locator("aside.card .kind")).toContainText("已受理");
  await expect(page.locator("aside.card ol")).toContainText("browser-tests");
  await picture(page, "incident-1440-zh-light");
});

test("refuses a grid that overlaps, and says where", async ({ page }) => {
  const place = await middle();
  await openDesk(page, `${somewhere(place, 15)}&panel=planner`);
  await signIn(page);
  await page.getByText("键盘:逐行输入").click();
  const by = (dx: number, dy: number) => `${(place.lon + dx).toFixed(6)}, ${(place.lat + dy).toFixed(6)}`;
  await page.locator("#corners").fill([by(-0.002, -0.002), by(0.002, -0.002), by(0.002, 0.002), by(-0.002, 0.002)].join("\n"));
  await page.getByRole("button", { name: "使用这些顶点" }).click();
  await expect(page.getByTestId("grid-check")).toContainText("个问题");
  await expect(page.getByRole("button", { name: "保存网格" })).toBeDisabled();
  await mapIdle(page);
  await picture(page, "draw-grid-1440-zh-light");
  await page.locator("#corners").fill("1, 2");
  await page.getByRole("button", { name: "使用这些顶点" }).click();
  await expect(page.locator("p.fault", { hasText: "至少三行" })).toBeVisible();
});

test("draws a special grid by hand on the map, checks it and saves it", async ({ page }) => {
  const place = await middle();
  await openDesk(page, `${somewhere(place, 16.5)}&panel=planner`);
  await signIn(page);
  // A special grid may lie over base grids, so a small one inside a community has no fault.
  await page.getByText("专属网格").click();
  await page.getByRole("button", { name: "开始画" }).click();
  const around: [number, number][] = [
    [-0.0002, -0.0002],
    [0.0002, -0.0002],
    [0.0002, 0.0002],
    [-0.0002, 0.0002],
  ];
  for (const [dx, dy] of around) {
    await clickOnMap(page, { lon: place.lon + dx, lat: place.lat + dy });
    await page.waitForTimeout(350);
  }
  await clickOnMap(page, { lon: place.lon - 0.0002, lat: place.lat - 0.0002 });
  await expect(page.getByTestId("grid-check")).toContainText("没有发现问题");
  await page.getByRole("button", { name: "保存网格" }).click();
  await expect(page.getByText("请填写名称")).toBeVisible();
  await page.locator("#grid-name").fill("测试专属网格");
  await page.getByRole("button", { name: "保存网格" }).click();
  await expect(page.locator("aside.card")).toContainText("测试专属网格");
});

test("shows who is covered, and zooms to a gap", async ({ page }) => {
  await openDesk(page, "panel=coverage&walk=5&method=circle");
  await page.locator("#coverage-type").selectOption("care");
  const told = await ask<{ total: { residentsPercent: number }; gaps: { features: unknown[] } }>("/api/coverage?facilityType=care&minutes=5");
  await expect(page.getByTestId("coverage-total")).toHaveText(`${told.total.residentsPercent.toFixed(1)}%`);
  await mapIdle(page);
  await expect.poll(() => layersDrawn(page)).toContain("coverage-areas");
  await picture(page, "coverage-1440-zh-light");
  if (told.gaps.features.length) {
    const before = await page.evaluate(() => window.gridMap.getZoom());
    await page.getByTestId("coverage-answer").getByRole("button", { name: "人未覆盖" }).first().click();
    await expect.poll(() => page.evaluate(() => window.gridMap.getZoom())).toBeGreaterThan(before);
  }
});

test("shows where incidents concentrate", async ({ page }) => {
  await openDesk(page, "panel=hotspots&period=12m");
  await expect(page.getByTestId("hotspot-count")).toBeVisible();
  await page.waitForFunction(() => !!window.gridMap && window.gridMap.loaded());
  await expect.poll(() => layersDrawn(page)).toContain("density-contours");
  await picture(page, "hotspots-density-1440-zh-light");
  await page.getByRole("radio", { name: "按网格" }).check({ force: true });
  await expect(page.getByText("最集中的网格")).toBeVisible();
  const from = new Date(Date.now() - 364 * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10);
  const told = await ask<{ count: number }>(`/api/hotspots/grids?from=${from}`);
  await expect(page.getByTestId("hotspot-count")).toContainText(shown(told.count));
  await mapIdle(page);
  await picture(page, "hotspots-grids-1440-zh-light");
});

test("speaks English and turns dark, and a link brings all of it back", async ({ page, context }) => {
  const place = await middle();
  await openDesk(page, somewhere(place, 14));
  await page.getByTestId("language").click();
  await expect(page.locator("#desk")).toContainText("Layers and legend");
  for (let i = 0; i < 3 && (await page.evaluate(() => document.documentElement.dataset["theme"])) !== "dark"; i++) await page.getByTestId("theme").click();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe("en");
  await page.locator('[data-panel="incidents"]').click();
  await page.getByRole("radio", { name: "All", exact: true }).check({ force: true });
  await mapIdle(page);
  await picture(page, "desk-1440-en-dark");
  const address = page.url();
  expect(address).toMatch(/lang=en/);
  const other = await context.newPage();
  await other.goto(address);
  await mapIdle(other);
  await expect(other.locator("section.panel h2")).toHaveText("Incidents");
  await expect(other.getByRole("radio", { name: "All", exact: true })).toBeChecked();
  expect(await other.evaluate(() => document.documentElement.dataset["theme"])).toBe("dark");
  const centre = await other.evaluate(() => window.gridMap.getCenter());
  expect(Math.hypot(centre.lng - place.lon, centre.lat - place.lat)).toBeLessThan(0.002);
  await other.close();
});

test("hears of an incident that another program reports", async ({ page }) => {
  const place = await middle();
  await openDesk(page, `${somewhere(place, 15)}&panel=incidents`);
  await expect(page.locator(".live")).toHaveText("实时");
  const title = `外部上报 ${Date.now()}`;
  await tell("POST", "/api/incidents", { category: (await leafCategory()).code, ...place, title });
  await expect(page.locator(".toasts")).toContainText(title);
  await expect(page.getByTestId("incident-list")).toContainText(title);
});

test("explains itself when there is no city yet", async ({ page }) => {
  await page.goto(`${empty()}/`);
  await expect(page.getByRole("heading", { name: "数据库中还没有城市" })).toBeVisible();
  await expect(page.getByText("make sample")).toBeVisible();
  await picture(page, "empty-1440-zh-light");
});

test("refuses a wrong key in words", async ({ page, complaints }) => {
  complaints.allow.push(/401|403/);
  await openDesk(page);
  await page.getByTestId("session").click();
  await page.locator("#session-key").fill("not-a-key");
  await page.locator("#session-key").press("Enter");
  await expect(page.locator("#session-note")).toContainText("密钥无效");
  expect(desk()).toMatch(/^http:\/\/127\.0\.0\.1:/);
});
