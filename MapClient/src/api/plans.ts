// Every question and order about plans, one function each.
import type { Place } from "./contract";
import type {
  GridLife,
  Plan,
  PlanCheck,
  PlanCommand,
  PlanComment,
  PlanComparison,
  PlanConsultation,
  PlanEdited,
  PlanFileWanted,
  PlanGrids,
  PlanImprovement,
  PlanNet,
  PlanPreview,
  PlanProposals,
  PlanPublished,
  PlanStatus,
  PlanWanted,
  PlanWithSteps,
  ProposalsWanted,
  CrosswalkRow,
} from "./planContract";
import { ask, call, send } from "./http";
import { runJob } from "./jobs";

/** An order counts only for the version it was given on: of two planners with one version exactly one wins. */
const on = (version: number) => ({ headers: { "if-match": `"${version}"` } });

export const askPlans = async (filter: { status?: PlanStatus | undefined; limit?: number }, stop?: AbortSignal) =>
  (await ask<{ items: Plan[] }>("/api/plans", filter, stop)).items;
export const beginPlan = (wanted: PlanWanted) => send<Plan>("POST", "/api/plans", wanted);
export const previewPlan = (wanted: PlanWanted) => send<PlanPreview>("POST", "/api/plans/preview", wanted);
export const askPlan = (id: number) => ask<PlanWithSteps>(`/api/plans/${id}`);
export const withdrawPlan = (id: number) => call(`/api/plans/${id}`, { method: "DELETE" });
/** All grids, or only what is different since a version. */
export const askPlanGrids = (id: number, since?: number) => ask<PlanGrids>(`/api/plans/${id}/grids`, { since });
export const checkedGrids = ["changed", "all"] as const;
/** Whose meshes are judged: of the grids that the draft changes, or of all of them. */
export type CheckedGrids = (typeof checkedGrids)[number];
export const askPlanCheck = (id: number, of: CheckedGrids = "changed", stop?: AbortSignal) =>
  ask<PlanCheck>(`/api/plans/${id}/check`, { of }, stop);
export const askPlanComparison = (id: number) => ask<PlanComparison>(`/api/plans/${id}/comparison`);
export const askPlanCrosswalk = async (id: number) => (await ask<{ items: CrosswalkRow[] }>(`/api/plans/${id}/crosswalk`)).items;
export const editPlan = (id: number, version: number, command: PlanCommand) =>
  send<PlanEdited>("POST", `/api/plans/${id}/edits`, command, on(version));
export const tryEdit = async (id: number, command: PlanCommand, stop?: AbortSignal) =>
  (
    await call(`/api/plans/${id}/edits`, { method: "POST", query: { dryRun: true }, body: command, stop })
  ).json() as Promise<PlanEdited>;
export const askPlanFile = async (id: number, wanted: PlanFileWanted) =>
  (await call(`/api/plans/${id}/file`, { query: wanted, headers: { accept: "*/*" } })).blob();
export const sendPlanFile = async (id: number, version: number, wanted: PlanFileWanted, file: Blob) =>
  (
    await call(`/api/plans/${id}/file`, { method: "POST", query: wanted, body: file, ...on(version) })
  ).json() as Promise<PlanEdited>;
export const rebasePlan = (id: number, version: number) => send<Plan>("POST", `/api/plans/${id}/rebase`, undefined, on(version));
export const holeKinds = ["water", "compound", "other"] as const;
export type HoleKind = (typeof holeKinds)[number];
export const declareHole = (hole: { areaId: number; net: string; kind: HoleKind; place: Place }) =>
  send<{ id: number }>("POST", "/api/grid-holes", hole);
export const undoEdit = (id: number, version: number) => send<PlanEdited>("POST", `/api/plans/${id}/undo`, undefined, on(version));
export const redoEdit = (id: number, version: number) => send<PlanEdited>("POST", `/api/plans/${id}/redo`, undefined, on(version));
export const runProposals = (id: number, wanted: ProposalsWanted, told: (percent: number | null) => void, stop: AbortSignal) =>
  runJob<PlanProposals>(`/api/plans/${id}/proposals`, wanted, told, stop);
export const askPlanNet = (id: number, net: string) => ask<PlanNet>(`/api/plans/${id}/nets`, { net });
export const askImprovements = async (id: number, wanted: ProposalsWanted) =>
  (await send<{ moves: PlanImprovement[] }>("POST", `/api/plans/${id}/improvements`, wanted)).moves;
export const commentOnPlan = (id: number, comment: { text: string; grid?: string }) =>
  send<PlanComment>("POST", `/api/plans/${id}/comments`, comment);
export const consultOnPlan = (id: number, said: { areaId: number; agrees: boolean; reason: string }) =>
  send<PlanConsultation>("POST", `/api/plans/${id}/consultations`, said);
export const publishPlan = (id: number, version: number, wanted: { effectiveAt?: string; reason: string }) =>
  send<PlanPublished>("POST", `/api/plans/${id}/publish`, wanted, on(version));
export const askGridLife = (code: string, net: string) => ask<GridLife>(`/api/grids/${encodeURIComponent(code)}/life`, { net });
