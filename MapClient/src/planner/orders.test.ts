import { expect, it } from "vitest";
import { orderQueue } from "./orders";

const later = <T>(value: T) => new Promise<T>((done) => setTimeout(() => done(value), 5));

it("does every order, one after the other", async () => {
  const queue = orderQueue();
  let version = 0;
  const order = async () => {
    const mine = version;
    await later(null);
    version = mine + 1;
    return version;
  };
  expect(await Promise.all([queue.put(order), queue.put(order), queue.put(order)])).toEqual([1, 2, 3]);
  expect(queue.isIdle).toBe(true);
});
it("goes on after an order that failed", async () => {
  const queue = orderQueue();
  const first = queue.put(() => Promise.reject(new Error("no")));
  const second = queue.put(() => later("done"));
  await expect(first).rejects.toThrow("no");
  expect(await second).toBe("done");
});
it("drops those that wait, and says how many", async () => {
  const queue = orderQueue();
  const first = queue.put(async () => {
    await later(null);
    return queue.drop(true);
  });
  const second = queue.put(() => later("done"));
  const third = queue.put(() => later("done"));
  expect(await Promise.all([first, second, third])).toEqual([2, null, null]);
  expect(queue.isIdle).toBe(true);
  expect(await queue.put(() => later("again"))).toBe("again");
});
