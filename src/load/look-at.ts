import { type Stats, statSync } from "node:fs";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EACCES: "permission denied",
  EPERM: "permission denied",
  ELOOP: "too many symbolic links",
  ENAMETOOLONG: "the name is too long",
};

/** In words, why the system refuses a path; its own code where there are none. */
export function systemReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  return REASONS[code] ?? code;
}

/** What stands at a path, or in words why it cannot be seen. */
export function lookAt(path: string): Stats | string {
  try {
    return statSync(path);
  } catch (error) {
    return systemReason(error);
  }
}
