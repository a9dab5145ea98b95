import { ask, clickOnMap, expect, layersDrawn, mapIdle, middle, openDesk, picture, shown, signIn, somewhere, test, type Place } from "./desk.js";

type Cover = { covered: { residents: number }; all: { residents: number }; residentsInCircle: number; residentsPercent: number };
const type = "convenience-store";
const walking = (minutes: number) => ask<{ total: Cover; version: string }>(`/api/coverage/walking?facilityType=${type}&minutes=${minutes}`);
// As the desk rounds, for 32.65 is a little less than that in binary.
const tenths = new Intl.NumberFormat("zh-CN", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const percent = (value: number) => `${tenths.format(value)}%`;
const number = async (text: Promise<string | null>) => Number(((await text) ?? "").replace("−", "-").replace(/[^\d.-]/g, ""));

test("covers on foot what the server says, which is less than circles claim, and says by how much", async ({ page }) => {
  const told = await walking(5);
  expect(told.total.residentsInCircle).toBeGreaterThan(told.total.covered.residents);
  await openDesk(page, `panel=coverage&facility=${type}&walk=5&method=compare&by=grid`);
  await expect(page.getByTestId("coverage-total")).toHaveText(percent(told.total.residentsPercent));
  await expect(page.getByTestId("coverage-claimed")).not.toHaveText(percent(told.total.residentsPercent));
  await expect(page.getByTestId("coverage-overclaim")).toContainText(shown(told.total.residentsInCircle - told.total.covered.residents));
  await expect.poll(() => layersDrawn(page)).toContain("coverage-areas");
  await mapIdle(page);
  // Both lie side by side, and the line between them goes where the keys and the pointer put it; the map above follows the one below.
  const line = page.getByRole("slider", { name: "分界线" });
  await expect(line).toHaveAttribute("aria-valuenow", "50");
  await line.focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
  await expect(line).toHaveAttribute("aria-valuenow", "60");
  await page.keyboard.press("Home");
  await expect(line).toHaveAttribute("aria-valuenow", "0");
  await page.keyboard.press("End");
  await expect(line).toHaveAttribute("aria-valuenow", "100");
  const [grip, frame] = [await line.boundingBox(), await page.locator("#map").boundingBox()];
  if (!grip || !frame) throw new Error("there is no line");
  await page.mouse.move(grip.x + grip.width / 4, frame.y + 200);
  await page.mouse.down();
  await page.mouse.move(frame.x + frame.width / 4, frame.y + 260);
  await page.mouse.up();
  await expect(line).toHaveAttribute("aria-valuenow", "25");
  await expect(page.locator(".over [data-loaded]")).toHaveCount(1, { timeout: 60_000 });
  await picture(page, "coverage-compare-1440-zh-light");
  await page.getByRole("radio", { name: "多算" }).check({ force: true });
  await expect(line).toHaveCount(0);
  // Older people walk less far in the same minutes.
  await page.getByRole("combobox", { name: "谁在步行" }).selectOption("elder");
  const elder = await ask<{ total: Cover }>(`/api/coverage/walking?facilityType=${type}&minutes=5&profile=elder`);
  expect(elder.total.covered.residents).toBeLessThan(told.total.covered.residents);
  await expect(page.getByTestId("coverage-total")).toHaveText(percent(elder.total.residentsPercent));
  expect(await page.evaluate(() => location.hash)).toContain("pace=elder");
  await page.getByRole("radio", { name: "步行路网" }).check({ force: true });
  // People whom no building is known for walk from their cells.
  await page.getByRole("radio", { name: "人口单元" }).check({ force: true });
  const cells = await ask<{ total: Cover }>(`/api/coverage/walking?facilityType=${type}&minutes=5&profile=elder&demand=cells`);
  expect(cells.total.covered.residents).not.toBe(elder.total.covered.residents);
  await expect(page.getByTestId("coverage-total")).toHaveText(percent(cells.total.residentsPercent));
  await expect(page.getByTestId("gap-list")).toContainText("个单元");
  expect(await page.evaluate(() => location.hash)).toContain("people=cells");
  await page.getByRole("radio", { name: "楼栋人口" }).check({ force: true });
  await expect(page.getByTestId("gap-list")).not.toContainText("个单元");
  const before = await page.evaluate(() => window.gridMap.getZoom());
  await page.getByTestId("gap-list").getByRole("button").first().click();
  await expect.poll(() => page.evaluate(() => window.gridMap.getZoom())).toBeGreaterThan(before);
});

test("draws rings that nest around a place, and the way to the nearest facilities", async ({ page }) => {
  const place = await middle();
  const told = await ask<{ features: { properties: { inside: { residents: number }; circle: { residents: number } } }[] }>(
    `/api/isochrone?lon=${place.lon}&lat=${place.lat}&minutes=5,10,15`,
  );
  const inside = told.features.map((ring) => ring.properties.inside.residents);
  expect(inside).toEqual([...inside].sort((a, b) => a - b));
  await openDesk(page, `${somewhere(place, 14)}&panel=circle&at=${place.lon},${place.lat}`);
  for (const [index, residents] of inside.entries()) await expect(page.getByTestId(`ring-${index}`)).toHaveText(shown(residents));
  await expect.poll(() => layersDrawn(page)).toEqual(expect.arrayContaining(["rings", "circle-edge"]));
  await page.locator("#nearest-type").selectOption(type);
  const nearest = await ask<{ items: { name: string }[] }>(`/api/nearest?lon=${place.lon}&lat=${place.lat}&facilityType=${type}`);
  await expect(page.getByTestId("nearest-list").getByRole("button")).toHaveCount(nearest.items.length);
  await expect(page.getByTestId("nearest-list").getByRole("button").first()).toContainText(nearest.items[0]?.name ?? "?");
  await page.getByTestId("nearest-list").getByRole("button").nth(1).click();
  await mapIdle(page);
  await expect.poll(() => layersDrawn(page)).toContain("route");
  await picture(page, "rings-1440-zh-light");
  await page.locator("#nearest-type").selectOption({ label: "网格员" });
  const people = await ask<{ items: { person: string }[] }>(`/api/nearest/people?lon=${place.lon}&lat=${place.lat}&role=grid-worker`);
  const list = page.getByTestId("nearest-list").getByRole("button");
  await expect(list).toHaveCount(people.items.length);
  for (const [i, { person }] of people.items.entries()) await expect(list.nth(i)).toContainText(person);
  await list.first().click();
  await mapIdle(page);
  await expect.poll(() => layersDrawn(page)).toContain("route");
  await picture(page, "nearest-people-1440-zh-light");
});

test("tries out a new facility, takes it back, keeps the scenario, and opens it by its link", async ({ page, context }, { retry }) => {
  // Names are unique in a city, and the city is the same when the test is tried again.
  const [first, second] = [`浏览器情景 ${retry}`, `没有改动 ${retry}`];
  const { gaps } = await ask<{ gaps: { features: { properties: { place: Place } }[] } }>(`/api/coverage/gaps?facilityType=${type}&minutes=5`);
  const place = gaps.features[0]?.properties.place as Place;
  await openDesk(page, `${somewhere(place, 15)}&panel=coverage&facility=${type}&walk=5&task=scenario`);
  await signIn(page);
  const net = page.getByTestId("scenario-net");
  await expect(net).toHaveText("±0");
  await clickOnMap(page, place);
  await expect(net).toHaveText(/^\+[\d,]+$/);
  await expect(page.getByTestId("scenario-changes").getByRole("listitem")).toHaveCount(1);
  const gained = await number(net.textContent());
  expect(gained).toBeGreaterThan(0);
  await expect(page.getByTestId("scenario-gained")).toHaveText(shown(gained));
  await picture(page, "scenario-1440-zh-light");
  await page.getByRole("button", { name: "撤销" }).click();
  await expect(net).toHaveText("±0");
  await page.getByRole("button", { name: "重做" }).click();
  await expect(net).toHaveText(`+${shown(gained)}`);
  // Keyboard alone moves it.
  await page.locator(".map-marker.stand").focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowRight");
  await expect(net).not.toHaveText(`+${shown(gained)}`);
  for (let i = 0; i < 4; i++) await page.getByRole("button", { name: "撤销" }).click();
  await expect(net).toHaveText(`+${shown(gained)}`);
  await page.locator("#scenario-name").fill(first);
  await page.locator("#scenario-name").press("Enter");
  await expect(page.getByTestId("scenario-list")).toContainText(first);
  await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/scenario=\d+/);
  const other = await context.newPage();
  await openDesk(other, (await page.evaluate(() => location.hash)).slice(1));
  await expect(other.getByTestId("scenario-net")).toHaveText(`+${shown(gained)}`);
  await other.close();
  // Another one beside it, and the two in a table.
  await page.getByRole("button", { name: "清空" }).click();
  await page.locator("#scenario-name").fill(second);
  await page.getByRole("button", { name: "另存" }).click();
  await expect(page.getByTestId("scenario-list")).toContainText(second);
  for (const name of [first, second]) await page.getByRole("checkbox", { name }).check();
  await expect(page.getByTestId("scenario-table")).toContainText(`+${shown(gained)}`);
  await expect(page.getByTestId("scenario-table")).toContainText("±0");
});

test("takes back what is put where no road can be walked, and says why", async ({ page, complaints }) => {
  complaints.allow.push(/400.*what-if/);
  const { bbox } = await ask<{ bbox: [number, number, number, number] }>("/api/city");
  const isOff = async ({ lon, lat }: Place) => {
    const answer = await fetch(`${process.env["DESK"]}/api/coverage/what-if`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ facilityType: type, minutes: 5, changes: [{ op: "add", lon, lat }] }),
    });
    return answer.status === 400 && (await answer.text()).includes("place.off-the-network");
  };
  // Beyond the city's edge no road is near; the map shows it all the same.
  const off = { lon: bbox[0] - 0.004, lat: (bbox[1] + bbox[3]) / 2 };
  expect(await isOff(off)).toBe(true);
  await openDesk(page, `${somewhere(off, 15)}&panel=coverage&facility=${type}&walk=5&task=scenario`);
  await expect(page.getByTestId("scenario-net")).toHaveText("±0");
  await clickOnMap(page, off);
  await expect(page.getByText("没有放下:这个地点 200 米内没有可以步行的道路")).toBeVisible();
  await expect(page.getByTestId("scenario-changes")).toHaveCount(0);
  await expect(page.getByTestId("scenario-net")).toHaveText("±0");
  await expect(page.getByTestId("scenario").getByRole("alert")).toHaveCount(0);
  await picture(page, "scenario-off-network-1440-zh-light");
});

test("drags a facility and the covered residents follow", async ({ page }) => {
  const place = await middle();
  await openDesk(page, `${somewhere(place, 14)}&panel=coverage&facility=${type}&walk=5&task=scenario`);
  await expect(page.getByTestId("scenario-net")).toHaveText("±0");
  await page.getByRole("button", { name: "添加服务点" }).click();
  await expect.poll(() => layersDrawn(page)).toContain("stands");
  await mapIdle(page);
  const items = await ask<{ features: { geometry: { coordinates: [number, number] } }[] }>(
    `/ogc/collections/facilities/items?limit=10000&filter=${encodeURIComponent(`type = '${type}'`)}`,
  );
  const from = await page.evaluate((all) => {
    const box = document.querySelector("#map")?.getBoundingClientRect() as DOMRect;
    const seen = all.map((at) => window.gridMap.project(at)).find((at) => at.x > 250 && at.x < 650 && at.y > 200 && at.y < 600);
    return seen && { x: seen.x + box.x, y: seen.y + box.y };
  }, items.features.map((item) => item.geometry.coordinates));
  if (!from) throw new Error("no facility in the middle of the map");
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  const numbers = new Set<string>();
  for (let step = 1; step <= 8; step++) {
    await page.mouse.move(from.x + step * 25, from.y + step * 6);
    await page.waitForTimeout(120);
    numbers.add((await page.getByTestId("scenario-net").textContent()) ?? "");
  }
  await page.mouse.up();
  expect(numbers.size).toBeGreaterThan(1);
  await expect(page.getByTestId("scenario-changes")).toContainText("移动");
});

test("finds sites with a proven bound and takes them as a scenario", async ({ page }) => {
  await openDesk(page, `panel=coverage&facility=elderly-care&walk=5&task=siting&siting=cover/3/streets/keep/residents`);
  const told = await ask<{ value: number; today: number; gapPercent: number; isOptimal: boolean }>(
    "/api/siting?facilityType=elderly-care&minutes=5&sites=3&profile=adult",
  );
  await page.getByTestId("siting-run").click();
  await expect(page.getByTestId("siting-value")).toHaveText(shown(told.value), { timeout: 60_000 });
  await expect(page.getByTestId("siting-bound")).toContainText(told.isOptimal ? "已证明是最优" : "距最优至多");
  await expect(page.getByTestId("siting-new")).toHaveText("3");
  await expect(page.getByTestId("siting-curve").locator("svg")).toBeVisible();
  await expect.poll(() => layersDrawn(page)).toContain("stands");
  await picture(page, "siting-1440-zh-light");
  await page.getByTestId("siting-take").click();
  await expect(page.getByTestId("scenario-changes").getByRole("listitem")).toHaveCount(3);
  await expect(page.getByTestId("scenario-net")).toHaveText(/^\+/);
  // What the choice promises is what would happen, but for places rounded to a centimetre.
  const net = await number(page.getByTestId("scenario-net").textContent());
  expect(Math.abs(net - (told.value - told.today))).toBeLessThanOrEqual(0.01 * told.value);
});

test("prints one page with the map, the figures, the method and the parameters", async ({ page }) => {
  const told = await walking(5);
  await openDesk(page, `panel=coverage&facility=${type}&walk=5`);
  await expect(page.getByTestId("gap-list")).toBeVisible();
  await mapIdle(page);
  await page.getByRole("button", { name: "一页报告" }).click();
  const report = page.getByTestId("coverage-report");
  await expect(report).toContainText(shown(told.total.covered.residents));
  await expect(report).toContainText(told.version);
  await expect(report).toContainText("逐栋判断");
  await expect(report.locator("img")).toHaveAttribute("src", /^data:image\/png/, { timeout: 60_000 });
  await picture(page, "coverage-report-1440-zh-light");
  await page.emulateMedia({ media: "print" });
  await expect(page.locator("#desk")).toBeHidden();
  const pages = (await page.pdf({ preferCSSPageSize: true })).toString("latin1").match(/\/Type\s*\/Page\b/g);
  expect(pages).toHaveLength(1);
});
