import { problemOf, wasWithdrawn, type Problem } from "../api/problem";

/** One question at a time: a newer one withdraws the older, and only the newest answer counts. */
export function question<T>(answered: (answer: T) => void) {
  let stop: AbortController | undefined;
  const state = $state<{ loading: boolean; problem: Problem | null }>({ loading: false, problem: null });
  return {
    get loading() {
      return state.loading;
    },
    get problem() {
      return state.problem;
    },
    async put(ask: (stop: AbortSignal) => Promise<T>): Promise<void> {
      stop?.abort();
      const own = (stop = new AbortController());
      state.loading = true;
      try {
        const answer = await ask(own.signal);
        if (own.signal.aborted) return;
        answered(answer);
        state.problem = null;
      } catch (error) {
        if (own.signal.aborted || wasWithdrawn(error)) return;
        state.problem = problemOf(error);
      }
      state.loading = false;
    },
    withdraw() {
      stop?.abort();
      state.loading = false;
      state.problem = null;
    },
  };
}
