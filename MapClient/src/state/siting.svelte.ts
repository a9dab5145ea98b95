// The answer about sites beside its question, and which of its choices the map shows.
export const sitingShown = $state<{
  /** The other choice that is looked at, from 0; null for the best one. */
  other: number | null;
  /** What the answer was asked for; what is wished now may be something else. */
  asked: string;
}>({ other: null, asked: "" });
