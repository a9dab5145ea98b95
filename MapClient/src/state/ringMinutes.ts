import type { Profile } from "../api/walking";

const shares: Record<Profile, number> = { adult: 1, elder: 0.8, child: 0.75 };
/** The rings of a place: 5, 10 and 15 minutes, or the one walk of as many metres as were asked for. */
export function ringMinutes(
  reach: { minutes: number | null; radiusMetres: number },
  metresPerMinute: number,
  profile: Profile,
): number[] {
  if (reach.minutes === null) return [Math.max(0.1, reach.radiusMetres / (metresPerMinute * shares[profile]))];
  return [...new Set([5, 10, 15, reach.minutes])].sort((a, b) => a - b);
}
