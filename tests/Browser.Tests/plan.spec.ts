import { ask, expect, key, mapIdle, openDesk, picture, signIn, somewhere, tell, test } from "./desk.js";
import { cleanCut, communities, gridsOf, idOf, movableCorner, onScreen, type Area, type Grid, type Plan } from "./planning.js";
import type { Page } from "@playwright/test";

const shownGrids = (page: Page) => page.getByTestId("plan-grids");

test("makes a plan, splits a grid on the map, undoes, redoes, publishes, and sees the life line", async ({ page, complaints }) => {
  // What an unfinished line would do is asked as it is drawn; one that does not cut yet is refused.
  complaints.allow.push(/409.*dryRun=true/);
  const area = (await communities())[0] as Area;
  await openDesk(page, "panel=plans");
  await signIn(page);
  await page.getByRole("button", { name: "新建方案" }).click();
  await page.getByLabel("名称").fill("拆分试验");
  await page.getByLabel("社区或街道").selectOption(String(area.id));
  await page.getByRole("button", { name: "开始", exact: true }).click();
  await expect(page.getByTestId("plan-table")).toBeVisible();
  const plan = await idOf(page);
  const before = await gridsOf(plan);
  await expect(shownGrids(page)).toHaveText(String(before.length));
  await mapIdle(page);
  await picture(page, "plan-1440-zh-light");

  const { grid, line } = await cleanCut(plan);
  // Chosen in the table, the grid is the one that the line cuts, whatever else it crosses.
  await page.getByTestId("plan-table").locator(`[data-key="${grid.key}"]`).getByRole("button").click();
  const middle: [number, number] = [(grid.bbox[0] + grid.bbox[2]) / 2, (grid.bbox[1] + grid.bbox[3]) / 2];
  await page.evaluate((center) => window.gridMap.jumpTo({ center, zoom: 15 }), middle);
  await mapIdle(page);
  await page.keyboard.press("s");
  await expect(page.getByRole("button", { name: "拆分", pressed: true })).toBeVisible();
  const [from, to] = [await onScreen(page, line[0] as [number, number]), await onScreen(page, line[1] as [number, number])];
  await page.keyboard.down("Alt");
  await page.mouse.click(from.x, from.y);
  await page.mouse.move(to.x, to.y, { steps: 4 });
  await page.mouse.dblclick(to.x, to.y);
  await page.keyboard.up("Alt");
  await expect(shownGrids(page)).toHaveText(String(before.length + 1));
  const after = await gridsOf(plan);
  expect(after.reduce((sum, each) => sum + each.households, 0)).toBe(before.reduce((sum, each) => sum + each.households, 0));
  await expect(page.getByTestId("plan-table").locator("tr", { hasText: "新网格" })).toBeVisible();
  await mapIdle(page);
  await picture(page, "plan-split-1440-zh-light");

  await page.keyboard.press("Control+z");
  await expect(shownGrids(page)).toHaveText(String(before.length));
  expect(await gridsOf(plan)).toEqual(before);
  await page.keyboard.press("Control+Shift+Z");
  await expect(shownGrids(page)).toHaveText(String(before.length + 1));

  await page.getByRole("tab", { name: /检查/ }).click();
  await expect(page.getByTestId("plan-faults")).not.toContainText("阻止发布");
  await page.getByRole("tab", { name: "步骤" }).click();
  await expect(page.getByTestId("plan-steps").getByRole("listitem")).toHaveCount(2);
  await page.getByRole("tab", { name: "对比" }).click();
  await expect(page.getByTestId("plan-compare").getByRole("row").nth(1)).toContainText(grid.key.slice(-3));
  await expect(page.getByTestId("plan-people")).toContainText("责任人没有变动");
  await page.getByText("差异", { exact: true }).click();
  await picture(page, "plan-difference-1440-zh-light");

  await page.getByRole("tab", { name: "发布" }).click();
  const publish = page.getByTestId("plan-publish");
  await publish.getByRole("button", { name: "同意" }).first().click();
  await expect(publish).toContainText("1 个同意");
  const reason = publish.getByLabel("有提醒仍要发布的理由");
  if (await reason.isVisible()) await reason.fill("试验");
  await publish.getByRole("button", { name: "发布…" }).click();
  await picture(page, "plan-publish-1440-zh-light");
  await page.getByRole("dialog").getByRole("button", { name: "发布", exact: true }).click();
  await expect(publish).toContainText("新编码");
  await publish.getByRole("button", { name: "查看网格及其沿革" }).click();
  await expect(page.getByTestId("life-line")).toContainText(`来自 ${grid.key}`);
  await picture(page, "plan-life-1440-zh-light");

  // The map shows the grids of now, and those of another day to whoever asks.
  const { items } = await ask<{ items: { newCode: string }[] }>(`/api/plans/${plan}/crosswalk`);
  const newCode = items.map((row) => row.newCode).find((code) => !before.some(({ key }) => key === code)) ?? "none";
  const codes = () =>
    page.evaluate(() =>
      window.gridMap.queryRenderedFeatures().flatMap(({ layer, properties }) => (layer.id === "grid-edges" ? [String(properties["code"])] : [])),
    );
  await page.goto("about:blank");
  await openDesk(page, `panel=layers&${somewhere({ lon: middle[0], lat: middle[1] }, 15)}`);
  await expect.poll(codes).toContain(newCode);
  const day = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10);
  await page.locator("#grids-day").fill(day);
  await expect(page.getByTestId("grids-day")).toContainText(day);
  await expect.poll(async () => [(await codes()).includes(grid.key), (await codes()).includes(newCode)]).toEqual([true, false]);
  await page.getByRole("button", { name: "回到今天" }).click();
  await expect.poll(codes).toContain(newCode);
});

test("chooses grids on the map with Shift, ends a line with Enter, and keeps nothing of a line that is put away", async ({ page, complaints }) => {
  complaints.allow.push(/409.*dryRun=true/);
  const area = (await communities())[3] as Area;
  const { id: plan } = await tell<Plan>("POST", "/api/plans", { name: "手势试验", areaId: area.id });
  const before = await gridsOf(plan);
  const { grid, line } = await cleanCut(plan);
  const [west, south, east, north] = grid.bbox;
  await openDesk(page, `panel=plans&plan=${plan}`);
  await signIn(page);
  await expect(page.getByTestId("plan-table")).toBeVisible();
  const other = before.find(({ key }) => key !== grid.key)?.key ?? "none";
  await page.getByTestId("plan-table").locator(`[data-key="${other}"]`).getByRole("button").click();
  const chosen = page.getByRole("region", { name: "所选网格" });
  await expect(chosen).toContainText(other);
  const center: [number, number] = [(west + east) / 2, (south + north) / 2];
  await page.evaluate((center) => window.gridMap.jumpTo({ center, zoom: 15.5 }), center);
  await mapIdle(page);

  const [start, end] = line as [[number, number], [number, number]];
  const inside = await onScreen(page, [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2]);
  await page.keyboard.down("Shift");
  await page.mouse.click(inside.x, inside.y);
  await page.keyboard.up("Shift");
  await expect(chosen).toContainText("已选 2 个网格");
  await page.keyboard.press("Escape");
  await expect(chosen).toHaveCount(0);

  // Nothing is chosen: the line begins and ends beyond the grid's borders, and cuts the grid between them.
  const draw = async () => {
    const [from, to] = [await onScreen(page, start), await onScreen(page, end)];
    await page.keyboard.down("Alt");
    await page.mouse.click(from.x, from.y);
    await page.mouse.move(to.x, to.y, { steps: 4 });
    await page.keyboard.up("Alt");
  };
  const previewed = () =>
    page.evaluate(() => (window.gridMap.getStyle()?.sources["plan-preview"] as { data: { features: unknown[] } }).data.features.length);
  await page.keyboard.press("s");
  await draw();
  await expect(page.getByTestId("plan-live")).toBeVisible();
  await expect.poll(previewed).toBeGreaterThan(0);
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("plan-live")).toHaveCount(0);
  await expect.poll(previewed).toBe(0);
  expect(await gridsOf(plan)).toEqual(before);

  await draw();
  const to = await onScreen(page, end);
  await page.keyboard.down("Alt");
  await page.mouse.click(to.x, to.y);
  await page.keyboard.up("Alt");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await gridsOf(plan)).length).toBeGreaterThan(before.length);
});

test("goes on after the browser was closed with the line that was half drawn and the words that were half written", async ({
  page,
  complaints,
}) => {
  complaints.allow.push(/409.*dryRun=true/);
  const area = (await communities())[5] as Area;
  const { id: plan } = await tell<Plan>("POST", "/api/plans", { name: "中断试验", areaId: area.id });
  const before = await gridsOf(plan);
  const { grid, line } = await cleanCut(plan);
  const center: [number, number] = [(grid.bbox[0] + grid.bbox[2]) / 2, (grid.bbox[1] + grid.bbox[3]) / 2];
  await openDesk(page, `panel=plans&plan=${plan}`);
  await signIn(page);
  await page.getByRole("tab", { name: "发布" }).click();
  await page.getByTestId("plan-publish").getByLabel("写留言").fill("北边的一半");
  const look = async (page: Page) => {
    await page.evaluate((center) => window.gridMap.jumpTo({ center, zoom: 15 }), center);
    await mapIdle(page);
  };
  await look(page);
  await page.keyboard.press("Escape");
  await page.locator("#map canvas.maplibregl-canvas").focus();
  await page.keyboard.press("s");
  const from = await onScreen(page, line[0] as [number, number]);
  await page.keyboard.down("Alt");
  await page.mouse.click(from.x, from.y);
  await page.keyboard.up("Alt");
  await expect(page.locator(".tools .hint")).toContainText("1 个点");

  const later = await page.context().newPage();
  await page.close();
  await openDesk(later, `panel=plans&plan=${plan}`);
  await signIn(later);
  await expect(later.locator(".tools .hint")).toContainText("1 个点");
  await later.getByRole("tab", { name: "发布" }).click();
  await expect(later.getByTestId("plan-publish").getByLabel("写留言")).toHaveValue("北边的一半");
  await look(later);
  const to = await onScreen(later, line[1] as [number, number]);
  await later.keyboard.down("Alt");
  await later.mouse.move(to.x - 5, to.y - 5);
  await later.mouse.dblclick(to.x, to.y);
  await later.keyboard.up("Alt");
  await expect.poll(async () => (await gridsOf(plan)).length).toBe(before.length + 1);
  await later.reload();
  await mapIdle(later);
  await expect(later.getByTestId("plan-table")).toBeVisible();
  await expect(later.locator(".tools .hint")).not.toContainText("个点");
});

test("looks at a proposal, takes it over, and is told why an edit is refused", async ({
  page,
  complaints,
}) => {
  complaints.allow.push(/409.*edits$/);
  const area = (await communities())[1] as Area;
  const { id: plan } = await tell<Plan>("POST", "/api/plans", { name: "建议试验", areaId: area.id });
  await openDesk(page, `panel=plans&plan=${plan}`);
  await signIn(page);
  await expect(page.getByTestId("plan-table")).toBeVisible();
  const before = await gridsOf(plan);
  await page.getByRole("tab", { name: "建议" }).click();
  await page.getByRole("button", { name: "给出建议" }).click();
  const best = page.getByTestId("proposals").getByRole("article").first();
  await expect(best).toContainText("最佳", { timeout: 60_000 });
  await best.getByRole("button", { name: "在图上看" }).click();
  await expect(best.getByRole("button", { name: "收起" })).toBeVisible();
  await mapIdle(page);
  await picture(page, "plan-proposals-1440-zh-light");
  expect(await gridsOf(plan)).toEqual(before);
  const wanted = Number(/(\d+) 个网格/.exec((await best.textContent()) ?? "")?.[1]);
  await best.getByRole("button", { name: "采用" }).click();
  await expect(shownGrids(page)).toHaveText(String(wanted));

  // Two that do not touch: any two that the server would not merge when it is only asked.
  const grids = await gridsOf(plan);
  const keys = grids.map((grid) => grid.key);
  let apart: [string, string] | undefined;
  for (const a of keys) {
    for (const b of keys.filter((key) => key > a)) {
      const tried = await fetch(`${process.env["DESK"]}/api/plans/${plan}/edits?dryRun=true`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${key()}` },
        body: JSON.stringify({ type: "merge", grids: [a, b] }),
      });
      if (!tried.ok) apart ??= [a, b];
    }
  }
  if (!apart) throw new Error("all of the grids touch each other");
  const row = (gridKey: string) => page.getByTestId("plan-table").locator(`[data-key="${gridKey}"]`).getByRole("button");
  await row(apart[0]).click();
  await row(apart[1]).click({ modifiers: ["Shift"] });
  await page.getByRole("button", { name: "合并", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("网格会断成几块");
  expect((await gridsOf(plan)).length).toBe(wanted);

  // The proposal moved land between grids: who answers for it is told before it is published.
  await page.getByRole("tab", { name: "对比" }).click();
  const { moves } = await ask<{ moves: { from: string; to: string; dutyBefore: { person: string }[]; dutyAfter: { person: string }[] }[] }>(
    `/api/plans/${plan}/comparison`,
  );
  const moved = moves.find((move) => move.dutyAfter[0] && move.dutyAfter[0].person !== move.dutyBefore[0]?.person);
  const people = page.getByTestId("plan-people");
  if (moved) await expect(people).toContainText(moved.dutyAfter[0]?.person ?? "none");
  else await expect(people).toContainText("责任人没有变动");
  await picture(page, "plan-people-1440-zh-light");
});

test("checks the changed grids, or all of the plan by the keyboard", async ({ page }) => {
  const area = (await communities())[3] as Area;
  const { id: plan } = await tell<Plan>("POST", "/api/plans", { name: "全部检查", areaId: area.id, least: 1, most: 2 });
  const { faults } = await ask<{ faults: unknown[] }>(`/api/plans/${plan}/check?of=all`);
  expect(faults.length).toBeGreaterThan(0);
  await openDesk(page, `panel=plans&plan=${plan}`);
  await signIn(page);
  await page.getByRole("tab", { name: /检查/ }).click();
  const list = page.getByTestId("plan-faults");
  await expect(list).toContainText("没有问题");
  await list.getByRole("radio", { name: "改动的网格" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(list.getByRole("radio", { name: "方案内全部" })).toBeChecked();
  await expect(list.getByRole("listitem")).toHaveCount(Math.min(faults.length, 60));
  await expect(list).toContainText("不影响发布");
  await picture(page, "plan-check-all-1440-zh-light");
  await list.getByRole("radio", { name: "方案内全部" }).press("ArrowLeft");
  await expect(list).toContainText("没有问题");
});

test("prints every grid of a plan, with codes that can be read in full", async ({ page }) => {
  const area = (await communities())[3] as Area;
  const { id: plan } = await tell<Plan>("POST", "/api/plans", { name: "打印", areaId: area.id });
  const grids = await gridsOf(plan);
  const prefix = (grids[0] as Grid).key.slice(0, -3);
  // More grids than the sheet has room for beside its map, without land so that they are on none.
  const many = [...grids];
  for (let n = 700; many.length < 400; n++) many.push({ ...(grids[0] as Grid), key: `${prefix}${n}`, geometry: null as never });
  await page.route(`**/api/plans/${plan}/grids*`, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), items: many } });
  });
  await openDesk(page, `panel=plans&plan=${plan}`);
  await page.getByRole("tab", { name: "对比" }).click();
  await page.getByRole("button", { name: "打印图幅 (A3)" }).click();
  const sheet = page.getByTestId("plan-sheet");
  await expect(sheet.getByTestId("plan-sheet-map")).toBeVisible({ timeout: 90_000 });
  await expect(sheet.getByTestId("plan-sheet-codes")).toContainText(`编码均以 ${prefix} 开头`);
  await expect(sheet.getByTestId("plan-sheet-page")).toHaveCount(2);
  await expect(sheet.locator("tbody tr")).toHaveCount(many.length);
  await page.emulateMedia({ media: "print" });
  // The sheet is as wide as its paper, and what darkens the desk behind it is not printed.
  const wide = await sheet.evaluate((dialog) => [dialog.getBoundingClientRect().width / innerWidth, getComputedStyle(dialog, "::backdrop").display]);
  expect(wide).toEqual([1, "none"]);
  const pages = (await page.pdf({ preferCSSPageSize: true })).toString("latin1").match(/\/Type\s*\/Page\b/g);
  expect(pages).toHaveLength(3);
});

const renameInDesk = async (page: Page, key: string, name: string) => {
  await page.getByTestId("plan-table").locator(`[data-key="${key}"]`).getByRole("button").click();
  await page.getByRole("button", { name: "改名" }).click();
  await page.getByRole("region", { name: "所选网格" }).getByLabel("名称").fill(name);
  await page.getByRole("button", { name: "保存" }).click();
};

test("follows a colleague at the same plan, in grids, steps and comments", async ({ page }) => {
  const area = (await communities())[2] as Area;
  const { id: plan } = await tell<Plan>("POST", "/api/plans", { name: "两人同改", areaId: area.id });
  await openDesk(page, `panel=plans&plan=${plan}`);
  await signIn(page);
  const table = page.getByTestId("plan-table");
  const [theirs, mine] = (await gridsOf(plan)) as [Grid, Grid];
  await expect(table.locator(`[data-key="${mine.key}"]`)).toBeVisible();
  await tell("POST", `/api/plans/${plan}/edits`, { type: "rename", grids: [theirs.key], name: "同事的名字" });
  await expect(table).toContainText("同事的名字");
  await expect(page.getByText("其他人修改了本方案的 1 个网格", { exact: false })).toBeVisible();
  await page.getByRole("tab", { name: "步骤" }).click();
  await expect(page.getByTestId("plan-steps").getByRole("listitem")).toHaveCount(2);
  await page.getByRole("tab", { name: "发布" }).click();
  await tell("POST", `/api/plans/${plan}/comments`, { text: "东边请再看看" });
  await expect(page.getByText("东边请再看看")).toBeVisible();
});

test("edits beside a colleague, and is told where both changed the same grid", async ({ page, complaints }) => {
  complaints.allow.push(/412/, /api\/live/);
  const area = (await communities())[2] as Area;
  const { id: plan } = await tell<Plan>("POST", "/api/plans", { name: "同时修改", areaId: area.id });
  // What the colleague does is not heard of here, as in the moment before it is.
  await page.route("**/api/live*", (route) => route.abort());
  await openDesk(page, `panel=plans&plan=${plan}`);
  await signIn(page);
  const table = page.getByTestId("plan-table");
  const [theirs, mine] = (await gridsOf(plan)) as [Grid, Grid];
  await expect(table.locator(`[data-key="${mine.key}"]`)).toBeVisible();
  await tell("POST", `/api/plans/${plan}/edits`, { type: "rename", grids: [theirs.key], name: "同事的名字" });
  await renameInDesk(page, mine.key, "我的名字");
  // Both stand, and the answer brought the colleague's.
  await expect(table).toContainText("我的名字");
  await expect(table).toContainText("同事的名字");
  await tell("POST", `/api/plans/${plan}/edits`, { type: "rename", grids: [theirs.key], name: "同事的新名字" });
  await renameInDesk(page, theirs.key, "我也改它");
  await expect(page.getByText("其他人同时修改了这个方案", { exact: false })).toBeVisible();
  await expect(table).toContainText("同事的新名字");
});

test("merges three nets to one, with every household accounted for", async ({ page }) => {
  const area = (await communities())[3] as Area;
  const { id: plan } = await tell<Plan>("POST", "/api/plans", { name: "三网合一", areaId: area.id });
  await openDesk(page, `panel=plans&plan=${plan}`);
  await signIn(page);
  await page.getByRole("tab", { name: "多网" }).click();
  const nets = page.getByTestId("plan-nets");
  await expect(nets.getByRole("row", { name: /警格/ }).first()).toContainText("100%");
  await expect(nets.getByRole("row", { name: /义格/ }).first()).toContainText("100%");
  await expect(page.getByTestId("plan-net-shares").getByRole("row").nth(1)).toContainText("%");
  await picture(page, "plan-nets-1440-zh-light");
  await nets.getByRole("button", { name: "合成一张网…" }).click();
  await expect(page.getByRole("checkbox", { name: "警格" })).toBeChecked();
  await expect(page.getByRole("checkbox", { name: "义格" })).toBeChecked();
  await page.getByRole("button", { name: "给出建议" }).click();
  const best = page.getByTestId("proposals").getByRole("article").first();
  await expect(best).toContainText("最佳", { timeout: 60_000 });
  const wanted = Number(/(\d+) 个网格/.exec((await best.textContent()) ?? "")?.[1]);
  await best.getByRole("button", { name: "采用" }).click();
  await expect(shownGrids(page)).toHaveText(String(wanted));
  await page.getByRole("tab", { name: "多网" }).click();
  await expect(page.getByTestId("plan-net-shares").getByRole("row").nth(1)).toContainText("→");
  type Held = { shares: { households: number }[] };
  const households = (await gridsOf(plan)).reduce((sum, grid) => sum + grid.households, 0);
  for (const net of ["police", "volunteer"]) {
    const { shares } = await ask<Held>(`/api/plans/${plan}/nets?net=${net}`);
    expect(shares.reduce((sum, share) => sum + share.households, 0)).toBe(households);
  }
  await picture(page, "plan-nets-merged-1440-zh-light");
});

test("is told early that another plan changes the same grids, and settles it on screen", async ({ page, complaints }) => {
  complaints.allow.push(/409.*publish$/, /409.*dryRun=true$/);
  const area = (await communities())[4] as Area;
  const { id: mine } = await tell<Plan>("POST", "/api/plans", { name: "我的边界", areaId: area.id });
  const { id: theirs } = await tell<Plan>("POST", "/api/plans", { name: "同事的边界", areaId: area.id });
  // The colleague moves a corner between two grids.
  const corner = await movableCorner(mine);
  const shifted = (by: number): [number, number] => [corner.at[0] + by, corner.at[1]];
  await tell("POST", `/api/plans/${theirs}/edits`, { type: "move-vertex", at: corner.at, target: shifted(0.00004) });

  await openDesk(page, `panel=plans&plan=${mine}`);
  await signIn(page);
  await expect(page.getByTestId("plan-table")).toBeVisible();
  await expect(page.getByTestId("plan-conflict")).toHaveCount(0);
  // The same corner is dragged here: while it is in the hand the figures follow, and when it is let go the other plan is named.
  await page.evaluate((at) => window.gridMap.jumpTo({ center: at as [number, number], zoom: 17.5 }), corner.at);
  await mapIdle(page);
  await page.locator("#map canvas.maplibregl-canvas").focus();
  await page.keyboard.press("e");
  const from = await onScreen(page, corner.at);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x - 12, from.y + 5, { steps: 4 });
  await expect(page.getByTestId("plan-live")).toBeVisible();
  await expect(page.getByTestId("plan-live").getByRole("row")).toHaveCount(corner.grids.length + 2);
  await expect(page.getByTestId("plan-live-total")).toContainText(`合计 ${corner.grids.length} 个`);
  await picture(page, "plan-live-1440-zh-light");
  await page.mouse.up();
  const conflict = page.getByTestId("plan-conflict");
  await expect(conflict).toContainText("同事的边界");
  await picture(page, "plan-conflict-1440-zh-light");
  // It can be looked at from here, and what it makes of the same land is on the map.
  await conflict.getByRole("button", { name: "看看" }).click();
  await expect(page.getByTestId("plan-table")).toBeVisible();
  await expect.poll(() => idOf(page)).toBe(theirs);
  await expect(conflict).toContainText("我的边界");
  await conflict.getByRole("button", { name: "看看" }).click();
  await expect.poll(() => idOf(page)).toBe(mine);
  await expect(page.getByTestId("plan-table")).toBeVisible();
  // The colleague publishes first: this plan says that its ground has changed, and begins anew on it.
  await tell("POST", `/api/plans/${theirs}/publish`, { reason: "先行" });
  await page.getByRole("tab", { name: "发布" }).click();
  const publish = page.getByTestId("plan-publish");
  const reason = publish.getByLabel("有提醒仍要发布的理由");
  if (await reason.isVisible()) await reason.fill("试验");
  await publish.getByRole("button", { name: "发布…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "发布", exact: true }).click();
  await expect(page.getByText("已被其他方案更改", { exact: false }).first()).toBeVisible();
  await picture(page, "plan-base-changed-1440-zh-light");
  await page.getByRole("button", { name: "在现行网格上重做" }).click();
  await expect.poll(() => idOf(page)).toBeGreaterThan(theirs);
  await expect(page.getByTestId("plan-table")).toBeVisible();
  const anew = await idOf(page);
  expect((await ask<{ plan: Plan & { status: string } }>(`/api/plans/${mine}`)).plan.status).toBe("withdrawn");
  expect((await ask<{ plan: Plan & { steps: number } }>(`/api/plans/${anew}`)).plan.steps).toBe(1);
});
