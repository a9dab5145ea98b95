// Siting takes seconds: it runs as a job of the server, which says how far it is and can be dismissed.
import { ask, call } from "./http";
import type { SitingResult } from "./walking";

type Job = { jobID: string; status: "accepted" | "running" | "successful" | "failed" | "dismissed"; progress?: number };
export type SitingInputs = Record<string, string | number>;
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
export async function runSiting(
  inputs: SitingInputs,
  told: (percent: number | null) => void,
  stop: AbortSignal,
): Promise<SitingResult> {
  const started = await call("/ogc/processes/siting/execution", {
    method: "POST",
    headers: { prefer: "respond-async" },
    body: { inputs },
  });
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
  return ask<SitingResult>(`${address}/results`);
}
