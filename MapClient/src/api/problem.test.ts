import { afterEach, expect, it, vi } from "vitest";
import { ask, call, onReach, queryString, useKey } from "./http";
import { problemFrom, problemOf, Refusal, wasWithdrawn } from "./problem";

afterEach(() => {
  vi.unstubAllGlobals();
  useKey(null);
  onReach(() => {});
});
const answer = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/problem+json" } });

it("reads a problem field by field", () => {
  const problem = problemFrom(400, {
    title: "Bad input",
    detail: "lon is out of range",
    code: "input.invalid",
    errors: [{ field: "lon", code: "number.out-of-range", expected: "a number from -180 to 180" }, "rubbish", { nothing: 1 }],
    faults: [{ code: "grid.overlap" }],
  });
  expect(problem.code).toBe("input.invalid");
  expect(problem.errors).toEqual([{ field: "lon", code: "number.out-of-range", expected: "a number from -180 to 180" }]);
  expect(problem.body["faults"]).toHaveLength(1);
});
it("makes do with an answer that is no problem", () => {
  for (const body of [null, "oops", 7, [], { code: 5, errors: "many" }]) {
    expect(problemFrom(502, body)).toMatchObject({ status: 502, code: "http.502", title: "HTTP 502", errors: [] });
  }
});
it("refuses with the server's words", async () => {
  vi.stubGlobal("fetch", async () => answer(409, { code: "grid.faults", title: "Faults", detail: "It overlaps" }));
  const refused = await ask("/api/x").catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Refusal);
  expect(problemOf(refused)).toMatchObject({ status: 409, code: "grid.faults", detail: "It overlaps" });
});
it("tells a server that is away from one that refuses", async () => {
  const reach: boolean[] = [];
  onReach((reached) => reach.push(reached));
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("Failed to fetch");
  });
  expect(problemOf(await ask("/api/x").catch((error: unknown) => error))).toMatchObject({ status: 0, code: "server.away" });
  vi.stubGlobal("fetch", async () => answer(503, {}));
  await ask("/api/x").catch(() => null);
  vi.stubGlobal("fetch", async () => answer(400, {}));
  await ask("/api/x").catch(() => null);
  expect(reach).toEqual([false, false, true]);
});
it("does not take a withdrawn question for an outage", async () => {
  const reach: boolean[] = [];
  onReach((reached) => reach.push(reached));
  const stop = new AbortController();
  stop.abort();
  vi.stubGlobal("fetch", async () => {
    throw new DOMException("stopped", "AbortError");
  });
  const error: unknown = await ask("/api/x", {}, stop.signal).catch((thrown: unknown) => thrown);
  expect(wasWithdrawn(error)).toBe(true);
  expect(reach).toEqual([]);
});
it("sends the key, and only when there is one", async () => {
  const sent: Record<string, string>[] = [];
  vi.stubGlobal("fetch", async (_: string, init: RequestInit) => {
    sent.push(init.headers as Record<string, string>);
    return answer(200, {});
  });
  await call("/api/me");
  useKey("secret");
  await call("/api/me");
  expect(sent.map((headers) => headers["authorization"])).toEqual([undefined, "Bearer secret"]);
});
it("leaves out what was not asked and repeats what was asked twice", () => {
  expect(queryString({ a: 1, b: undefined, c: null, d: "", e: ["x", "y"], f: false })).toBe("?a=1&e=x&e=y&f=false");
  expect(queryString({})).toBe("");
});
