// Whoever uses a keyboard or a screen reader: no serious fault on any panel, and the coverage panel from end to end without a pointer.
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { ask, desk, expect, mapIdle, middle, openDesk, shown, signIn, somewhere, tell, test, type Place } from "./desk.js";

/** Both languages and both themes, each with the other once. */
const looks = [
  ["zh", "light"],
  ["en", "dark"],
] as const;
type Capacity = { scenario: { total: { perThousand: number } } };

/** What would keep somebody out; the map itself is a picture, whose content the panels say in words. */
async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).exclude("canvas").withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.slice(0, 5).map((node) => `${id}: ${node.target.join(" ")} ${(node.any[0]?.message ?? "").slice(0, 160)}`));
}

async function panelOf(page: Page, hash: string): Promise<void> {
  // Once the desk is open it follows its address; the frames let the panel before it go.
  await page.goto(`${desk()}/?sharpness=0.5#${hash}`);
  await page.evaluate(() => new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then))));
  await expect(page.locator("main .panel").first()).toBeVisible({ timeout: 60_000 });
  await expect(page.locator(".notice.loading, [aria-busy=true]")).toHaveCount(0, { timeout: 60_000 });
}

for (const [lang, theme] of looks) {
  test(`no panel of the desk keeps anybody out (${lang}, ${theme})`, async ({ page }) => {
    const place = await middle();
    const { items } = await ask<{ items: { id: number; level: string }[] }>("/api/areas");
    const community = items.find((area) => area.level === "community");
    const plan = await tell<{ id: number }>("POST", "/api/plans", { name: `无障碍 ${lang}`, areaId: community?.id });
    const panels: [name: string, hash: string][] = [
      ["layers", "panel=layers"],
      ["incidents", "panel=incidents"],
      ["circle", `panel=circle&at=${place.lon},${place.lat}`],
      ["hotspots", "panel=hotspots"],
      ["coverage, not chosen", "panel=coverage"],
      ["coverage and gaps", "panel=coverage&facility=convenience-store&walk=5"],
      ["coverage compared", "panel=coverage&facility=convenience-store&walk=5&method=compare&by=grid"],
      ["capacity", "panel=coverage&facility=elderly-care&walk=15&by=grid&shade=capacity"],
      ["open at night", "panel=coverage&facility=health&walk=10&open=We-03:00"],
      ["scenario", "panel=coverage&facility=elderly-care&walk=10&task=scenario"],
      ["siting", "panel=coverage&facility=elderly-care&walk=10&task=siting"],
      ["plans", "panel=plans"],
      ["a plan", `panel=plans&plan=${plan.id}`],
    ];
    const found: Record<string, string[]> = {};
    // The map is not looked at: a small one is drawn sooner.
    await page.setViewportSize({ width: 900, height: 760 });
    // What is wrong with a panel is mostly wrong in both looks: the dark one, where contrast fails sooner, is asked about each, the light one about every other.
    for (const [name, hash] of panels.filter((_, i) => theme === "dark" || i % 2 === 1)) {
      await panelOf(page, `lang=${lang}&theme=${theme}&${hash}`);
      if (name === "siting") await page.locator("[data-testid=siting-more] summary").click();
      const seen = await faults(page);
      if (seen.length) found[name] = seen;
    }
    await panelOf(page, `lang=${lang}&theme=${theme}&panel=coverage&facility=convenience-store&walk=5`);
    await expect(page.getByTestId("gap-list")).toBeVisible();
    await page.getByRole("button", { name: lang === "zh" ? "一页报告" : "One-page report to print" }).click();
    await expect(page.getByTestId("coverage-report")).toBeVisible();
    const report = await faults(page);
    if (report.length) found["report"] = report;
    expect(found).toEqual({});
  });

  test(`the wall keeps nobody out (${lang})`, async ({ page }) => {
    await page.goto(`${desk()}/wall.html?sharpness=0.5#lang=${lang}`);
    await mapIdle(page);
    expect(await faults(page)).toEqual([]);
  });
}

test("the coverage panel from end to end without a pointer", async ({ page }) => {
  const { gaps } = await ask<{ gaps: { features: { properties: { place: Place } }[] } }>("/api/coverage/gaps?facilityType=elderly-care&minutes=5");
  const place = gaps.features[0]?.properties.place as Place;
  await openDesk(page, somewhere(await middle(), 13));
  /** Goes on by Tab until the thing has the focus, as somebody without a mouse does. */
  const tabTo = async (selector: string, most = 120) => {
    for (let i = 0; i < most; i++) {
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`${selector} is not reached by Tab`);
  };
  await tabTo("nav button:nth-of-type(4), nav li:nth-of-type(4) button");
  await page.keyboard.press("Enter");
  await tabTo("#coverage-type");
  await page.locator(":focus").selectOption("elderly-care"); // what typing its first letters does, in every language
  await tabTo("[role=radiogroup][aria-label='步行时间'] input");
  await page.keyboard.press("Home");
  while (!(await page.getByRole("radio", { name: "5 分钟", exact: true }).isChecked())) await page.keyboard.press("ArrowLeft");
  const told = await ask<{ total: { covered: { residents: number } } }>("/api/coverage/walking?facilityType=elderly-care&minutes=5");
  await expect(page.getByTestId("coverage-answer")).toContainText(shown(told.total.covered.residents));
  // Down the list of gaps: each is said with its people and its reason, and Enter goes there.
  await tabTo("[data-testid=gap-list] button");
  await expect(page.locator(":focus")).toContainText(/\d/);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.evaluate(() => window.gridMap.getZoom())).toBeGreaterThan(13.5);
  // Into a scenario, and a facility put where people are missed, by its coordinates.
  await page.getByRole("radio", { name: "现状" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByTestId("scenario-net")).toHaveText("±0");
  await tabTo("[data-testid=scenario] summary");
  await page.keyboard.press("Enter");
  await tabTo("#scenario-place");
  await page.keyboard.type(`${place.lon}, ${place.lat}`);
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("scenario-net")).toHaveText(/^\+[\d,]+$/);
  // How much it offers is typed too, and what that brings is said.
  await tabTo("#scenario-capacity");
  await page.keyboard.type("300");
  await page.keyboard.press("Enter");
  const then = await ask<{ capacity: Capacity }>(`/api/coverage/what-if?facilityType=elderly-care&minutes=5&change=add:${place.lon},${place.lat},300`);
  await expect(page.getByTestId("capacity-then")).toHaveText(then.capacity.scenario.total.perThousand.toFixed(1));
  await expect(page.getByTestId("scenario-changes")).toContainText("容量 300");
  await page.keyboard.press("Control+z");
  await expect(page.getByTestId("scenario-changes")).not.toContainText("容量 300");
});

test("only the facilities that the answer counts are drawn in their colour, and a key says why the others are not", async ({ page }) => {
  const told = await ask<{ counted: number; items: { standing: string }[] }>("/api/coverage/facilities?facilityType=health&openAt=We%2003:00");
  await openDesk(page, "panel=coverage&facility=health&walk=10&open=We-03:00");
  await expect(page.getByTestId("counted-key")).toContainText(`计入 ${told.counted} 处`);
  await expect(page.getByTestId("counted-key")).toContainText(`此时不开放 ${told.items.filter((item) => item.standing === "closed").length} 处`);
  const dimmed = await page.evaluate(() => {
    const style = window.gridMap.getStyle() as unknown as { layers: { id: string; paint?: Record<string, unknown> }[] };
    return style.layers.find((layer) => layer.id === "facility-dots")?.paint?.["circle-opacity"] as unknown[];
  });
  expect(dimmed[0]).toBe("match");
  expect((dimmed[2] as number[]).length).toBe(told.counted);
});

test("a scenario is resized, kept with what it offers, and compared", async ({ page }, { retry }) => {
  const { items } = await ask<{ items: { id: number; name: string; capacity: number; place: Place }[] }>("/api/coverage/facilities?facilityType=elderly-care");
  const first = items[0];
  if (!first) throw new Error("no facility");
  await openDesk(page, `${somewhere(first.place, 14)}&panel=coverage&facility=elderly-care&walk=10&task=scenario`);
  await signIn(page);
  await page.locator("summary").first().click();
  await page.locator("#scenario-existing").selectOption(String(first.id));
  await page.locator(".row:has(#scenario-existing) button").first().click();
  await expect(page.locator("#scenario-capacity")).toHaveValue(String(first.capacity));
  await page.locator("#scenario-capacity").fill(String(first.capacity * 4));
  await page.locator("#scenario-capacity").press("Enter");
  const told = await ask<{ capacity: Capacity }>(`/api/coverage/what-if?facilityType=elderly-care&minutes=10&change=resize:${first.id},${first.capacity * 4}`);
  await expect(page.getByTestId("capacity-then")).toHaveText(told.capacity.scenario.total.perThousand.toFixed(1));
  await expect(page.getByTestId("scenario-net")).toHaveText("±0");
  await expect(page.getByTestId("scenario-changes")).toContainText("改容量");
  const name = `扩容 ${retry}`;
  await page.locator("#scenario-name").fill(name);
  await page.locator("#scenario-name").press("Enter");
  await expect(page.getByTestId("scenario-list")).toContainText(name);
  const kept = (await ask<{ items: { id: number; name: string }[] }>("/api/coverage/scenarios")).items.find((item) => item.name === name);
  const tiles = await ask<{ about: { scenario: string }; vector_layers: { id: string }[] }>(`/api/coverage/what-if?scenario=${kept?.id}&format=tilejson`);
  expect([tiles.about.scenario, tiles.vector_layers[0]?.id]).toEqual([name, "scenario-by-grid"]);
});
