import { problemFrom, Refusal, serverAway } from "./problem";

export type Query = Record<string, string | number | boolean | string[] | null | undefined>;
type Call = { method?: string; query?: Query; body?: unknown; headers?: Record<string, string>; stop?: AbortSignal | undefined };

let key: string | null = null;
export const useKey = (given: string | null) => {
  key = given;
};

let listener: (reached: boolean) => void = () => {};
/** Told after every call whether the server answered at all. */
export const onReach = (told: (reached: boolean) => void) => {
  listener = told;
};

export function queryString(query: Query): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === "") continue;
    for (const one of Array.isArray(value) ? value : [value]) parts.append(name, String(one));
  }
  const text = parts.toString();
  return text ? `?${text}` : "";
}

export async function call(path: string, { method = "GET", query = {}, body, headers = {}, stop }: Call = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path + queryString(query), {
      method,
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": body instanceof Blob ? "application/octet-stream" : "application/json" }),
        ...(key ? { authorization: `Bearer ${key}` } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
      ...(stop ? { signal: stop } : {}),
    });
  } catch (error) {
    if (stop?.aborted) throw error;
    listener(false);
    throw new Refusal(serverAway(error instanceof Error ? error.message : String(error)));
  }
  // A proxy in front of a stopped server answers for it.
  listener(![502, 503, 504].includes(response.status));
  if (!response.ok) {
    const told = await response.json().catch(() => null);
    throw new Refusal(problemFrom(response.status, told));
  }
  return response;
}

export async function ask<T>(path: string, query: Query = {}, stop?: AbortSignal): Promise<T> {
  return (await call(path, { query, stop })).json() as Promise<T>;
}

export async function send<T>(
  method: string,
  path: string,
  body: unknown,
  extra: Pick<Call, "query" | "headers"> = {},
): Promise<T> {
  return (await call(path, { method, body, ...extra })).json() as Promise<T>;
}
