import { freePort, startServer } from "./city.js";
import { ask, expect, mapIdle, middle, picture, tell, test, desk, layersDrawn, openDesk } from "./desk.js";

type Category = { code: string; name: string; parentCode: string | null };
async function report(title: string): Promise<Category> {
  const { items } = await ask<{ items: Category[] }>("/api/catalogues/incident-categories");
  const parents = new Set(items.map((entry) => entry.parentCode));
  const leaf = items.find((entry) => entry.parentCode !== null && !parents.has(entry.code)) as Category;
  await tell("POST", "/api/incidents", { category: leaf.code, ...(await middle()), title, severity: "urgent" });
  return leaf;
}

test("shows an incident that is reported meanwhile, and counts it", async ({ page }) => {
  await page.goto(`${desk()}/wall.html`);
  await mapIdle(page);
  await expect(page.locator(".wall")).toHaveAttribute("data-current", "true");
  const reported = page.getByTestId("kpi-reported").locator("dd:not(.sub)");
  const before = Number((await reported.innerText()).replaceAll(",", ""));
  const leaf = await report("大屏测试");
  await expect(page.getByTestId("ticker").locator("li").first()).toContainText(leaf.name);
  await expect(reported).toHaveText(new Intl.NumberFormat("zh-CN").format(before + 1));
  await expect.poll(() => layersDrawn(page)).toContain("incidents-fresh");
});

test("recovers by itself when the server has been away", async ({ page, complaints }) => {
  // The map library reports each tile it could not fetch as an error whose name the build has shortened.
  complaints.allow.push(/Failed to load resource|ERR_CONNECTION_REFUSED|net::ERR|^\w{1,3} http/);
  const port = await freePort();
  const database = process.env["DATABASE"] as string;
  let server = await startServer(database, port);
  await page.goto(`http://127.0.0.1:${port}/wall.html`);
  await mapIdle(page);
  await expect(page.locator(".wall")).toHaveAttribute("data-current", "true");
  await server.stop();
  await expect(page.getByText("正在重连")).toBeVisible();
  // Reported through the other server while this one is down: the wall must know it afterwards.
  const leaf = await report("断线期间");
  server = await startServer(database, port);
  try {
    await expect(page.locator(".wall")).toHaveAttribute("data-current", "true", { timeout: 30_000 });
    await expect(page.getByTestId("ticker").locator("li").first()).toContainText(leaf.name);
    await expect(page.getByText("正在重连")).toBeHidden();
  } finally {
    await server.stop();
  }
});

// Without a graphics card eight million pixels take many seconds a frame.
const weakGraphics = "&sharpness=0.4";

for (const [width, height] of [
  [1440, 900],
  [3840, 2160],
] as const) {
  test(`fills a screen of ${width} × ${height}`, async ({ page }) => {
    test.setTimeout(400_000);
    await page.setViewportSize({ width, height });
    for (const language of ["zh", "en"]) {
      await page.goto(`${desk()}/wall.html?lang=${language}${width > 3000 ? weakGraphics : ""}`);
      await mapIdle(page);
      await expect(page.getByTestId("kpi-open").locator("dd:not(.sub)")).toHaveText(/\d/);
      const cut = await page.evaluate(() =>
        [...document.querySelectorAll(".tiles > div, .box, header, .legend")].filter((box) => {
          const { left, right, top, bottom } = box.getBoundingClientRect();
          return left < 0 || top < 0 || right > innerWidth + 1 || bottom > innerHeight + 1;
        }).length,
      );
      expect(cut).toBe(0);
      await picture(page, `wall-${width}-${language}`);
    }
  });
}

test("gives the desk's picture on a large screen", async ({ page }) => {
  test.setTimeout(400_000);
  await page.setViewportSize({ width: 3840, height: 2160 });
  await openDesk(page, "theme=dark&panel=incidents&period=12m", `${desk()}/?${weakGraphics}`);
  await picture(page, "desk-3840-zh-dark");
});
