export type Toast = { id: number; tone: "done" | "news" | "fault"; words: string; action?: { words: string; do: () => void } };

export const toasts = $state<{ items: Toast[] }>({ items: [] });
let next = 1;

export function toast(tone: Toast["tone"], words: string, action?: Toast["action"]): void {
  const id = next++;
  toasts.items = [...toasts.items.slice(-3), { id, tone, words, ...(action ? { action } : {}) }];
  setTimeout(() => dismiss(id), tone === "fault" ? 9000 : 5000);
}
export function dismiss(id: number): void {
  toasts.items = toasts.items.filter((item) => item.id !== id);
}
