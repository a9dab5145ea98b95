// Orders to one plan, done one after the other: each counts only for the version that the one before it made.

export function orderQueue() {
  let last: Promise<unknown> = Promise.resolve();
  let given = 0;
  let round = 0;
  return {
    /** Does the work when its turn comes; null when it was dropped before. */
    put<T>(work: () => Promise<T>): Promise<T | null> {
      const mine = round;
      given++;
      const done = last.then(async () => {
        if (mine !== round) return null;
        try {
          return await work();
        } finally {
          if (mine === round) given--;
        }
      });
      last = done.catch(() => {});
      return done;
    },
    /** None is under way and none waits. */
    get isIdle() {
      return given === 0;
    },
    /** Those that wait are not done; answers how many, the one that is `underway` not among them. */
    drop(underway: boolean): number {
      const waiting = given - (underway ? 1 : 0);
      round++;
      given = 0;
      return Math.max(0, waiting);
    },
  };
}
