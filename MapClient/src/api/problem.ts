/** A refusal as the server words it (RFC 9457), or the news that there is no server to ask. */
export type FieldFault = { field: string; code: string; expected: string };
export type Problem = {
  status: number;
  code: string;
  title: string;
  detail: string;
  errors: FieldFault[];
  /** The whole body, for refusals that carry more (a grid's faults). */
  body: Record<string, unknown>;
};

export class Refusal extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.problem = problem;
  }
}

export const serverAway = (why: string): Problem => ({
  status: 0,
  code: "server.away",
  title: "No answer",
  detail: why,
  errors: [],
  body: {},
});

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Reads a problem from any body; whatever is not as promised becomes an unnamed problem of that status. */
export function problemFrom(status: number, body: unknown): Problem {
  const known = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const errors = Array.isArray(known["errors"]) ? known["errors"] : [];
  return {
    status,
    code: text(known["code"]) || `http.${status}`,
    title: text(known["title"]) || `HTTP ${status}`,
    detail: text(known["detail"]),
    errors: errors.flatMap((fault: unknown) => {
      if (typeof fault !== "object" || fault === null) return [];
      const { field, code, expected } = fault as Record<string, unknown>;
      return typeof field === "string" ? [{ field, code: text(code), expected: text(expected) }] : [];
    }),
    body: known,
  };
}

export const problemOf = (error: unknown): Problem =>
  error instanceof Refusal ? error.problem : serverAway(error instanceof Error ? error.message : String(error));

/** A question that was withdrawn because a newer one took its place is no failure. */
export const wasWithdrawn = (error: unknown): boolean => error instanceof DOMException && error.name === "AbortError";
