import { realpathSync } from "node:fs";
import { extname, resolve } from "node:path";
import { FoveaError } from "../../ir/error.js";
import { lookAt } from "../../load/look-at.js";
import { optionMistake } from "../whole.js";

/**
 * The absolute path of a checkpoint's file, which `option` names.
 *
 * @throws FoveaError FOV0030 where there is no such file
 */
export function sourceFile(
  written: string,
  cwd: string,
  fix = "name the checkpoint itself, a .pth, .pt or .safetensors file",
  option = "--from",
): string {
  const path = resolve(cwd, written);
  const found = lookAt(path);
  // A pipe cannot be read twice, and one that nobody fills would be waited for.
  if (typeof found !== "string" && found.isFile()) return path;
  let wrong = "this is no ordinary file";
  if (typeof found === "string") wrong = found;
  else if (found.isDirectory()) wrong = "this is a folder, not a file";
  throw new FoveaError({
    code: "FOV0030",
    message: `${option} ${written === "" ? '""' : written}: ${wrong}`,
    path: option,
    value: written,
    fix,
  });
}

/**
 * The absolute path of `--out`.
 *
 * @param extensions - those that say how it is written
 * @param source - the file that is read, which is not written over
 * @throws FoveaError FOV0040
 */
export function targetFile(
  written: string,
  cwd: string,
  { extensions, source }: { readonly extensions: readonly string[]; readonly source: string },
): string {
  const path = resolve(cwd, written);
  const allowed = `a file that ends in ${extensions.join(" or ")}`;
  const fix = `write --out FILE${extensions[0]}`;
  const found = lookAt(path);
  // What keeps a path from being seen keeps it from being written, which Python tells.
  const isThere = typeof found !== "string";
  if ((isThere && found.isDirectory()) || /[\\/]$/.test(written) || written === "") {
    throw optionMistake("--out", written, "this is a folder, not a file", { allowed, fix });
  }
  if (!extensions.includes(extname(path))) {
    throw optionMistake("--out", written, "the ending is not known", { allowed, fix });
  }
  if (isThere && realpathSync(path) === realpathSync(source)) {
    throw optionMistake("--out", written, "this is the checkpoint itself", {
      fix: "name another file",
    });
  }
  return path;
}
