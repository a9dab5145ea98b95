/** Hands the browser a file that was made here. */
export const keep = (name: string, type: string, text: string): void => keepBlob(name, new Blob([text], { type }));
export function keepBlob(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
