import { runJob } from "./jobs";
import type { SitingResult } from "./walking";

export type SitingInputs = Record<string, string | number | string[] | number[]>;

export const runSiting = (inputs: SitingInputs, told: (percent: number | null) => void, stop: AbortSignal) =>
  runJob<SitingResult>("/ogc/processes/siting/execution", { inputs }, told, stop);
