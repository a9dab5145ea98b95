// Work that takes seconds runs as a job of the server, which says how far it is and can be dismissed.
import { ask, call } from "./http";

type Job = { jobID: string; status: "accepted" | "running" | "successful" | "failed" | "dismissed"; progress?: number };
const betweenLooksMs = 350;

const pause = (stop: AbortSignal) =>
  new Promise<void>((done) => {
    const end = setTimeout(finish, betweenLooksMs);
    function finish() {
      clearTimeout(end);
      stop.removeEventListener("abort", finish);
      done();
    }
    stop.addEventListener("abort", finish);
  });

/** Stopping ends the job at the server too. */
export async function runJob<T>(
  path: string,
  body: unknown,
  told: (percent: number | null) => void,
  stop: AbortSignal,
): Promise<T> {
  const started = await call(path, { method: "POST", headers: { prefer: "respond-async" }, body });
  let job = (await started.json()) as Job;
  const address = `/ogc/jobs/${job.jobID}`;
  while (job.status === "accepted" || job.status === "running") {
    told(job.progress ?? null);
    await pause(stop);
    if (stop.aborted) {
      await call(address, { method: "DELETE" });
      throw new DOMException("stopped", "AbortError");
    }
    job = await ask<Job>(address, { f: "json" });
  }
  // Of a failed job the results are its problem.
  return ask<T>(`${address}/results`);
}
