// The address of the moment, which opens this very view, for the clipboard.
import { say } from "../text/language.svelte";
import { toast } from "./toasts.svelte";

export async function copyLink(): Promise<void> {
  try {
    // A browser gives the clipboard to pages over HTTPS and on the machine itself: elsewhere there is none.
    await navigator.clipboard.writeText(location.href);
    toast("done", say("app.linkCopied"));
  } catch {
    toast("fault", say("app.linkNotCopied"));
  }
}
