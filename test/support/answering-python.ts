import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { vi } from "vitest";

/**
 * Makes `FOVEA_PYTHON` a program that keeps what it is asked and gives one answer.
 *
 * @returns the request, once it was made
 */
export function answeringPython(folder: string, answer: object, status = 0): () => unknown {
  const script = join(folder, "python");
  const request = join(folder, "request");
  writeFileSync(join(folder, "answer"), JSON.stringify(answer));
  writeFileSync(
    script,
    `#!/bin/sh\ncat > '${request}'\ncat '${join(folder, "answer")}'\nexit ${status}\n`,
  );
  chmodSync(script, 0o755);
  vi.stubEnv("FOVEA_PYTHON", script);
  return () => JSON.parse(readFileSync(request, "utf8"));
}
