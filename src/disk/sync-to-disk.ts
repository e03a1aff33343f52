import { closeSync, fsyncSync, openSync } from "node:fs";

/** Puts a file, or which names a folder has, on the disk and not only with the system. */
export function syncToDisk(path: string): void {
  let opened: number;
  try {
    opened = openSync(path, "r");
  } catch (error) {
    // Windows opens no folders, and syncs their names by itself.
    if (process.platform === "win32") return;
    throw error;
  }
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
