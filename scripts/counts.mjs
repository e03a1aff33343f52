// Adds up the closing lines of vitest and pytest in a log, and prints them as one.
import { readFileSync } from "node:fs";

const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");
const lines = readFileSync(process.argv[2], "utf8").replace(escapes, "").split("\n");
const closing = [
  lines.findLast((line) => /^\s*Tests\s+\d/.test(line)),
  lines.findLast((line) => /^(=+ )?\d+ (passed|failed|error).* in [\d.]+s/.test(line)),
];
if (closing.includes(undefined)) {
  console.error("counts: the log lacks the closing line of vitest or of pytest");
  process.exit(1);
}
const count = (word) =>
  closing.reduce(
    (sum, line) => sum + Number(line.match(new RegExp(`(\\d+) ${word}`))?.[1] ?? 0),
    0,
  );
const failed = count("failed") + count("error");
console.log(`${count("passed")} passed, ${failed} failed, ${count("skipped")} skipped`);
process.exit(failed === 0 ? 0 : 1);
