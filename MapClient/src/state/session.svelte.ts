import type { Me, Role } from "../api/contract";
import { useKey } from "../api/http";
import { beginSession, endSession } from "../api/server";

const place = "gridmap.key";
const order: Role[] = ["reader", "reporter", "operator", "planner", "administrator"];

export const session = $state<{ me: Me | null }>({ me: null });

export const may = (role: Role): boolean => !!session.me?.signedIn && order.indexOf(session.me.role) >= order.indexOf(role);

/** Throws a refusal when the server does not know the key; then nobody is signed in and nothing is kept. */
export async function signIn(key: string, remember: boolean): Promise<void> {
  useKey(key);
  try {
    session.me = await beginSession(key);
  } catch (error) {
    signOut();
    throw error;
  }
  (remember ? localStorage : sessionStorage).setItem(place, key);
}

export function signOut(): void {
  // Whether or not the server hears of it, this browser forgets the key.
  endSession().catch(() => {});
  useKey(null);
  session.me = null;
  sessionStorage.removeItem(place);
  localStorage.removeItem(place);
}

/** Takes up the key of an earlier visit. A key that is no longer known is forgotten; a server that is away is asked again later. */
export async function resumeSession(): Promise<void> {
  const kept = sessionStorage.getItem(place) ?? localStorage.getItem(place);
  if (!kept) return;
  useKey(kept);
  session.me = await beginSession(kept);
}
