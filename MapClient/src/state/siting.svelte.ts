// The siting wizard's wishes beyond the link, and which of the choices the map shows.
import { plainWishes, type SitingWishes } from "./sitingWishes";

export const sitingWishes = $state<SitingWishes>(plainWishes());
/** The other choice that is looked at, from 0; null for the best one. */
export const sitingShown = $state<{ other: number | null }>({ other: null });
