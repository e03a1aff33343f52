import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Position, UserSources } from "./user-sources.js";

/** A place in a user's file. */
export interface Place extends Position {
  readonly file: string;
}

/** The tool's own files: `src/` in the checkout, `dist/` where it is built, and its command. */
const OWN = ["..", "../../bin"].map((folder) => fileURLToPath(new URL(folder, import.meta.url)));

/**
 * The innermost frame of an error's stack that is in a file of the user's, in the file's own
 * lines and columns. An error without one may have a cause that has.
 */
export function firstUserFrame(error: unknown, sources: UserSources): Place | undefined {
  for (let depth = 0, each = error; depth < 8 && each instanceof Object; depth += 1) {
    const [found] = userFrames(each, sources);
    if (found !== undefined) return found;
    const { cause, errors } = each as { cause?: unknown; errors?: unknown };
    each = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
  }
  return undefined;
}

/** The frames in files of the user's, the innermost first. */
export function userFrames(error: object, sources: UserSources): readonly Place[] {
  const frames = frameText(error);
  return [
    ...sources.files.flatMap((file) => placesOf(file, frames)),
    ...placesInData(frames, sources),
    ...otherPlaces(frames).filter(({ file }) => !sources.files.includes(file)),
  ]
    .sort((a, b) => a.at - b.at)
    .map((found) => ({ file: found.file, ...sources.original(found.file, found) }));
}

/** The stack without the message, which may hold anything. */
function frameText(error: object): string {
  try {
    const { stack, message } = error as Error;
    if (typeof stack !== "string") return "";
    const at = typeof message === "string" ? stack.indexOf(message) : -1;
    return at < 0 ? stack : stack.slice(at + message.length);
  } catch {
    return "";
  }
}

interface Found extends Place {
  readonly at: number;
}

/** Where a file that is known stands in a stack: its name may hold blanks, brackets, line ends. */
function placesOf(file: string, frames: string): Found[] {
  const places: Found[] = [];
  for (let at = frames.indexOf(file); at >= 0; at = frames.indexOf(file, at + 1)) {
    const match = /^:(\d+):(\d+)/.exec(frames.slice(at + file.length, at + file.length + 32));
    if (match === null || !/[( ]$|file:\/\/$/.test(frames.slice(0, at))) continue;
    places.push({ at, file, line: Number(match[1]), column: Number(match[2]) });
  }
  return places;
}

/** Code that only runs as a module (a bare `import.meta`) runs from a `data:` address. */
function placesInData(frames: string, sources: UserSources): Found[] {
  const addresses = frames.matchAll(/data:text\/javascript;base64,([\w+/=]+):(\d+):(\d+)/g);
  return [...addresses].flatMap(({ 1: base64 = "", 2: line, 3: column, index }) => {
    const code = Buffer.from(base64, "base64").toString("utf8");
    const file = sources.files.find((each) => code.includes(sources.code(each) ?? code));
    if (file === undefined) return [];
    return [{ at: index, file, line: Number(line), column: Number(column) }];
  });
}

/** Files that Node loads by itself: CommonJS and `.mjs` helpers. */
function otherPlaces(frames: string): Found[] {
  return [...frames.matchAll(/(?:\(| )((?:file:\/\/)?\/.*?):(\d+):(\d+)\)?$/gm)].flatMap(
    ({ 1: name = "", 2: line, 3: column, index }) => {
      const file = name.startsWith("file://") ? fileURLToPath(name) : name;
      const foreign =
        OWN.some((folder) => file.startsWith(folder)) || /[\\/]node_modules[\\/]/.test(file);
      if (foreign || !existsSync(file)) return [];
      return [{ at: index, file, line: Number(line), column: Number(column) }];
    },
  );
}
