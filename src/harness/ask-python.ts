import { execa } from "execa";
import { z } from "zod";
import { ERROR_CODES, type ErrorCode } from "../ir/codes.js";
import { FoveaError } from "../ir/error.js";
import { pythonEnvironment } from "../launch/environment.js";
import type { Python } from "../launch/python.js";

const Mistake = z.object({
  code: z.custom<ErrorCode>((code) => typeof code === "string" && code in ERROR_CODES),
  message: z.string(),
  list: z.array(z.string()),
  value: z.string().optional(),
  fix: z.string().optional(),
});

/** One of fovea's Python modules that takes a request as JSON on stdin and answers on stdout. */
interface Question<T> {
  /** As `python -m` takes it. */
  readonly module: string;
  readonly request: object;
  readonly answer: z.ZodType<T>;
  /** What it is at, in words, for when Python fails itself; and what may help. */
  readonly at: string;
  readonly fix: string;
}

/**
 * Asks Python.
 *
 * @param onNote - takes Python's lines on stderr as they come
 * @throws FoveaError what Python tells of a mistake; FOV0060 where a package is missing, FOV0090
 * where Python itself failed
 */
export async function askPython<T>(
  { module, request, answer, at, fix }: Question<T>,
  { python, onNote }: { readonly python: Python; readonly onNote: (line: string) => void },
): Promise<T> {
  const child = execa(python.command, ["-m", module], {
    env: pythonEnvironment(),
    extendEnv: false,
    input: JSON.stringify(request),
    reject: false,
  });
  let said = "it says nothing";
  for await (const line of child.iterable({ from: "stderr" })) {
    if (line.trim() === "") continue;
    said = line;
    onNote(line);
  }
  const { signal, stdout } = await child;
  const found = parse(stdout);
  const mistake = z.object({ error: Mistake }).safeParse(found);
  if (mistake.success) throw foveaError(mistake.data.error);
  const read = answer.safeParse(found);
  if (read.success) return read.data;
  const words = signal === undefined ? said : `it was ended by ${signal}`;
  const isMissing = /^(ModuleNotFound|Import)Error/.test(words);
  const code = isMissing ? "FOV0060" : "FOV0090";
  throw new FoveaError({ code, message: `Python failed at ${at}: ${words}`, fix });
}

function foveaError({ code, message, list, value, fix }: z.infer<typeof Mistake>): FoveaError {
  const more = { ...(value === undefined ? {} : { value }), ...(fix === undefined ? {} : { fix }) };
  return new FoveaError({ code, message, ...(list.length === 0 ? {} : { list }), ...more });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
