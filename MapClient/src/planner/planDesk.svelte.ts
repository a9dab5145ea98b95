// The open plan: what was read of it, and every order given to it. Each order is one request whose answer is the new state.
import type {
  PlanCheck,
  PlanCommand,
  PlanComparison,
  PlanEdited,
  PlanFault,
  PlanFileWanted,
  PlanPublished,
  PlanWithSteps,
} from "../api/planContract";
import { problemOf, wasWithdrawn, type Problem } from "../api/problem";
import {
  askPlan,
  askPlanCheck,
  askPlanComparison,
  askPlanGrids,
  type CheckedGrids,
  editPlan,
  publishPlan,
  rebasePlan,
  redoEdit,
  sendPlanFile,
  tryEdit,
  undoEdit,
} from "../api/plans";
import { planGestures } from "../map/planGestures.svelte";
import { fitTo, flyTo } from "../state/camera.svelte";
import { areaById } from "../state/city.svelte";
import { roomy } from "../state/extent";
import { planShown } from "../state/planShown.svelte";
import { may, session } from "../state/session.svelte";
import { toast } from "../state/toasts.svelte";
import { sayNamedFault } from "../text/faults";
import { say, sayCode } from "../text/language.svelte";
import { orderQueue } from "./orders";
import { faultsAfter, withEdit } from "./planFigures";
import { nothingWritten, type Writing } from "./planUnfinished";

export type PlanTab = "grids" | "faults" | "propose" | "nets" | "compare" | "history" | "publish";
const checkAfterMs = 500;
/** What others do comes a moment later, and not while something is half drawn. */
const followAfterMs = 300;
/** An answer counts at most so many grids; then all are asked for. */
export const mostCounted = 60;

class PlanDesk {
  loading = $state(false);
  problem = $state.raw<Problem | null>(null);
  facts = $state.raw<PlanWithSteps | null>(null);
  check = $state.raw<PlanCheck | null>(null);
  /** Of which grids the list of faults tells. */
  checked = $state<CheckedGrids>("changed");
  comparison = $state.raw<PlanComparison | null>(null);
  published = $state.raw<PlanPublished | null>(null);
  busy = $state(false);
  tab = $state<PlanTab>("grids");
  /** What is written for publishing; it stays while another part of the plan is looked at. */
  publishing = $state(nothingWritten());
  /** Nets whose borders a proposal is to merge. */
  nets = $state.raw<string[]>([]);
  /** Another plan has been published over grids that this one changes. */
  baseChanged = $state(false);
  /** Why the last edit was refused, and where. */
  refusal = $state.raw<{ words: string; fault: PlanFault | null } | null>(null);
  #turn = 0;
  /** What was ordered while an order was under way waits here. */
  #orders = orderQueue();
  #checking: ReturnType<typeof setTimeout> | undefined;
  #following: ReturnType<typeof setTimeout> | undefined;
  #trying: AbortController | undefined;

  get plan() {
    return this.facts?.plan ?? null;
  }
  get editable() {
    return this.plan?.status === "draft" && may("planner");
  }

  async open(id: number, writing: Writing = nothingWritten()): Promise<void> {
    const turn = ++this.#turn;
    this.close();
    this.#turn = turn;
    this.publishing = writing;
    this.loading = true;
    this.problem = null;
    try {
      await this.#read(id, turn);
      if (turn !== this.#turn) return;
      const area = this.plan && areaById(this.plan.area.id);
      if (area) fitTo(roomy(area.bbox), 17);
    } catch (error) {
      if (turn === this.#turn) this.problem = problemOf(error);
    }
    if (turn === this.#turn) this.loading = false;
  }
  async #read(id: number, turn: number): Promise<void> {
    const [facts, grids, check] = await Promise.all([askPlan(id), askPlanGrids(id), askPlanCheck(id)]);
    if (turn !== this.#turn) return;
    this.facts = { ...facts, plan: { ...facts.plan, version: grids.version } };
    this.check = check;
    planShown.grids = grids.items;
    planShown.faults = placed(check.faults);
    this.#keepSelected();
    planShown.open = true;
    planShown.editable = this.editable;
  }
  #keepSelected(): void {
    const known = new Set(planShown.grids.map(({ key }) => key));
    planShown.selected = planShown.selected.filter((key) => known.has(key));
  }
  close(): void {
    this.#turn++;
    this.#dropWaiting(this.busy);
    clearTimeout(this.#checking);
    clearTimeout(this.#following);
    this.#trying?.abort();
    this.facts = this.check = this.comparison = this.published = this.refusal = this.problem = null;
    this.loading = this.busy = false;
    this.tab = "grids";
    this.checked = "changed";
    this.publishing = nothingWritten();
    this.nets = [];
    this.baseChanged = false;
    planShown.clear();
  }
  async reload(): Promise<void> {
    const id = this.plan?.id;
    if (id === undefined) return;
    try {
      await this.#read(id, this.#turn);
      this.comparison = null;
      if (planShown.view !== "plan") await this.compare();
    } catch (error) {
      toast("fault", words(problemOf(error)));
    }
  }

  /** Somebody has worked on a plan or spoken of one: what is different of this one is fetched. */
  follow(): void {
    clearTimeout(this.#following);
    const turn = this.#turn;
    this.#following = setTimeout(() => {
      if (turn !== this.#turn || !this.plan) return;
      if (this.busy || planGestures.underway) this.follow();
      else void this.#catchUp(turn);
    }, followAfterMs);
  }
  async #catchUp(turn: number): Promise<void> {
    const mine = this.plan;
    if (!mine) return;
    // An order given meanwhile answers with all that is different, what others did included.
    const overtaken = () => turn !== this.#turn || this.busy || this.plan?.version !== mine.version;
    try {
      const facts = await askPlan(mine.id);
      if (overtaken()) return;
      if (facts.plan.version === mine.version) {
        this.facts = facts;
        return;
      }
      const [grids, check] = await Promise.all([askPlanGrids(mine.id, mine.version), askPlanCheck(mine.id)]);
      if (overtaken()) return;
      if (planGestures.underway) {
        this.follow();
        return;
      }
      this.facts = { ...facts, plan: { ...facts.plan, version: grids.version } };
      this.check = check;
      planShown.faults = placed(check.faults);
      planShown.grids = grids.all ? grids.items : withEdit(planShown.grids, { touched: grids.items, gone: grids.gone });
      planShown.editable = this.editable;
      this.#keepSelected();
      this.comparison = null;
      if (planShown.view !== "plan") await this.compare();
      const n = grids.all ? 0 : grids.items.length + grids.gone.length;
      if (n > 0) toast("news", say("plan.followed", { n }));
    } catch (error) {
      if (turn === this.#turn) toast("fault", words(problemOf(error)));
    }
  }

  /** True when it was done. */
  edit(command: PlanCommand): Promise<boolean> {
    return this.#order((id, version) => editPlan(id, version, command), command.type === "delineate" ? "all" : "edit");
  }
  /** Takes over grids that were drawn in another program; answers what was wrong with them, null when they were refused. */
  async takeFile(wanted: PlanFileWanted, file: Blob): Promise<PlanFault[] | null> {
    let drawn: PlanFault[] = [];
    const done = await this.#order(async (id, version) => {
      const edited = await sendPlanFile(id, version, wanted, file);
      drawn = edited.drawn ?? [];
      return edited;
    }, "all");
    return done ? drawn : null;
  }
  /** Steps follow one upon another, so the last may be somebody else's: that one is taken back only when it is said again. */
  async undo(): Promise<boolean> {
    return !!(await this.#inTurn(async () => {
      const last = this.facts?.steps.find(({ step }) => step === this.plan?.steps);
      if (!last || last.madeBy === session.me?.name) return this.#takeBack();
      toast("news", say("plan.undoOthers", { n: last.step, who: last.madeBy }), {
        words: say("plan.undoStill"),
        do: () => void this.#inTurn(() => this.#takeBack()),
      });
      return false;
    }));
  }
  async redo(): Promise<boolean> {
    return !!(await this.#inTurn(() => this.#doAgain()));
  }
  async toStep(step: number): Promise<void> {
    await this.#inTurn(async () => {
      while (this.plan && this.plan.steps > step) if (!(await this.#takeBack())) return;
      while (this.plan && this.plan.steps < step) if (!(await this.#doAgain())) return;
    });
  }
  #takeBack(): Promise<boolean> {
    return this.plan?.steps ? this.#carryOut(undoEdit, "step") : Promise.resolve(false);
  }
  #doAgain(): Promise<boolean> {
    return this.plan?.redoable ? this.#carryOut(redoEdit, "step") : Promise.resolve(false);
  }
  async #order(order: (id: number, version: number) => Promise<PlanEdited>, kind: "edit" | "all" | "step"): Promise<boolean> {
    return !!(await this.#inTurn(() => this.#carryOut(order, kind)));
  }
  /** One order after the other, each on the version that the one before it made. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T | null> {
    if (!this.facts) return null;
    this.busy = true;
    try {
      return await this.#orders.put(work);
    } finally {
      this.busy = !this.#orders.isIdle;
    }
  }
  /** Orders that wait were given for what the one before them would have made: without it they are not done, and that is said. */
  #dropWaiting(underway: boolean): void {
    const n = this.#orders.drop(underway);
    if (n > 0) toast("fault", say("plan.ordersDropped", { n }));
  }
  async #carryOut(order: (id: number, version: number) => Promise<PlanEdited>, kind: "edit" | "all" | "step"): Promise<boolean> {
    const { facts } = this;
    const turn = this.#turn;
    if (!facts) return false;
    this.refusal = null;
    this.#trying?.abort();
    planShown.preview = null;
    try {
      const edited = await order(facts.plan.id, facts.plan.version);
      if (turn === this.#turn) await this.#take(edited, kind);
      return true;
    } catch (error) {
      if (turn === this.#turn) {
        this.#dropWaiting(true);
        await this.#refused(problemOf(error));
      }
      return false;
    }
  }
  async #take(edited: PlanEdited, kind: "edit" | "all" | "step"): Promise<void> {
    const { facts } = this;
    if (!facts) return;
    const { version, step } = edited;
    // A new edit takes the place of those that were undone.
    const redoable = kind === "step" ? facts.plan.steps + facts.plan.redoable - step : 0;
    this.facts = { ...facts, conflicts: edited.conflicts, plan: { ...facts.plan, version, steps: step, redoable } };
    if (kind === "all" || edited.touched.length >= mostCounted) planShown.grids = (await askPlanGrids(facts.plan.id)).items;
    else planShown.grids = withEdit(planShown.grids, edited);
    const faults = faultsAfter(this.check?.faults ?? [], edited);
    this.check = {
      version,
      ok: !faults.some(({ severity }) => severity === "blocking"),
      needsReason: faults.length > 0,
      faults,
      conflicts: edited.conflicts,
    };
    planShown.faults = placed(faults);
    this.#keepSelected();
    this.comparison = null;
    if (planShown.view !== "plan") await this.compare();
    this.checkSoon();
  }
  /** The list of steps and the whole check follow a moment later: nobody waits for them. */
  checkSoon(): void {
    clearTimeout(this.#checking);
    const turn = this.#turn;
    const id = this.plan?.id;
    this.#checking = setTimeout(async () => {
      if (id === undefined) return;
      const [facts, check] = await Promise.all([askPlan(id), askPlanCheck(id)]).catch(() => [null, null]);
      if (!facts || !check || turn !== this.#turn || this.busy || facts.plan.version !== this.plan?.version) return;
      this.facts = facts;
      if (check.version !== facts.plan.version) return;
      this.check = check;
      planShown.faults = placed(check.faults);
    }, checkAfterMs);
  }
  async #refused(problem: Problem): Promise<void> {
    if (problem.status === 412 || problem.code === "plan.not-a-draft") {
      await this.reload();
      toast("fault", say("plan.changedMeanwhile"));
      return;
    }
    const faults = Array.isArray(problem.body["faults"]) ? (problem.body["faults"] as PlanFault[]) : [];
    const fault = faults.find(({ place }) => place) ?? null;
    const reason = problem.errors[0];
    this.refusal = {
      words:
        problem.code === "plan.edit-refused" && reason
          ? sayCode("reason", reason.code, problem.detail)
          : reason
            ? `${say("plan.badInput")} ${sayNamedFault(reason)}`
            : words(problem),
      fault,
    };
  }
  showRefusal(): void {
    if (this.refusal?.fault?.place) flyTo(this.refusal.fault.place, 17);
  }

  /** What an edit would do, drawn on the map; a newer question takes the place of one under way. */
  async preview(command: PlanCommand | null): Promise<PlanEdited | null> {
    this.#trying?.abort();
    if (!command || !this.plan || this.busy) {
      planShown.preview = null;
      return null;
    }
    const stop = (this.#trying = new AbortController());
    try {
      const told = await tryEdit(this.plan.id, command, stop.signal);
      if (stop.signal.aborted) return null;
      planShown.preview = { grids: told.touched, gone: told.gone };
      return told;
    } catch (error) {
      if (!wasWithdrawn(error) && this.#trying === stop) planShown.preview = null;
      return null;
    }
  }

  async compare(): Promise<void> {
    const id = this.plan?.id;
    const turn = this.#turn;
    if (id === undefined) return;
    try {
      const told = await askPlanComparison(id);
      if (turn !== this.#turn) return;
      this.comparison = told;
      planShown.before = told.before;
      planShown.moves = told.moves;
    } catch (error) {
      toast("fault", words(problemOf(error)));
    }
  }
  /** Over the grids of today, in a new plan; answers its number. */
  rebase(): Promise<number | null> {
    return this.#inTurn(async () => {
      const { facts } = this;
      if (!facts) return null;
      try {
        return (await rebasePlan(facts.plan.id, facts.plan.version)).id;
      } catch (error) {
        await this.#refused(problemOf(error));
        return null;
      }
    });
  }
  publish(effectiveAt: string | undefined, reason: string): Promise<Problem | null> {
    return this.#inTurn(async () => {
      const { facts } = this;
      if (!facts) return null;
      try {
        this.published = await publishPlan(facts.plan.id, facts.plan.version, {
          reason,
          ...(effectiveAt ? { effectiveAt } : {}),
        });
        this.facts = { ...facts, plan: this.published.plan };
        planShown.editable = false;
        planShown.tool = "select";
        return null;
      } catch (error) {
        const problem = problemOf(error);
        if (problem.status === 412) await this.#refused(problem);
        if (problem.code === "plan.base-changed") this.baseChanged = true;
        return problem;
      }
    });
  }
}

/** A mesh too large or small is told by the grid's own colour; a mark on the map would hide it. */
const placed = (faults: PlanFault[]): PlanFault[] => faults.filter(({ code }) => !code.startsWith("grid.mesh"));
/** What is wrong with a field says more than that something is. */
export const words = ({ code, status, detail, title, errors }: Problem): string =>
  errors[0] && status === 400
    ? sayNamedFault(errors[0])
    : sayCode("problem", code, sayCode("problem", `http.${status}`, detail || title));

export const planDesk = new PlanDesk();
