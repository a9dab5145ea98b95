/**
 * One call at a time, always with the newest wish: what is asked for while a call is on its way waits, and of all that waits only the last is
 * asked. `ready` may hold a call back, until the next frame for example.
 */
export function latest<Wish>(make: (wish: Wish) => Promise<void>, ready: () => Promise<void> = () => Promise.resolve()) {
  let waiting: { wish: Wish } | null = null;
  let isBusy = false;
  async function work(): Promise<void> {
    isBusy = true;
    while (waiting) {
      await ready();
      const { wish } = waiting;
      waiting = null;
      await make(wish);
    }
    isBusy = false;
  }
  return {
    put(wish: Wish): void {
      waiting = { wish };
      if (!isBusy) void work();
    },
    get isBusy() {
      return isBusy;
    },
  };
}
