import { expect, it } from "vitest";
import { latest } from "./latest";

it("asks one at a time, and of those that wait only the newest", async () => {
  const asked: number[] = [];
  let atOnce = 0;
  let most = 0;
  const calls = latest(async (wish: number) => {
    most = Math.max(most, ++atOnce);
    asked.push(wish);
    await new Promise((done) => setTimeout(done, 5));
    atOnce--;
  });
  calls.put(1);
  await new Promise((done) => setTimeout(done, 1));
  for (const wish of [2, 3, 4, 5]) calls.put(wish);
  await new Promise((done) => setTimeout(done, 40));
  expect(asked).toEqual([1, 5]);
  expect(most).toBe(1);
  expect(calls.isBusy).toBe(false);
  calls.put(6);
  await new Promise((done) => setTimeout(done, 15));
  expect(asked).toEqual([1, 5, 6]);
});
