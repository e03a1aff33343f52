/** A moment in this machine's time: `2026-11-30 21:05`, or with its seconds. */
export function when(unixSeconds: number, withSeconds = false): string {
  const date = new Date(unixSeconds * 1000);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local
    .toISOString()
    .replace("T", " ")
    .slice(0, withSeconds ? 19 : 16);
}
