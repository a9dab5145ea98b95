// Which of the choices of sites the map shows.
/** The other choice that is looked at, from 0; null for the best one. */
export const sitingShown = $state<{ other: number | null }>({ other: null });
