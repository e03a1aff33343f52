import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aboutSchema, SCHEMA_NAMES } from "../../src/ir/json-schemas.js";

test("the page has a row for every schema", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/schemas.md"), "utf8");
  const rows = [...page.matchAll(/^\| `(\S+)` \| (.+) \|$/gm)].map(([, name, about]) => [
    name,
    about,
  ]);
  expect(rows).toEqual(SCHEMA_NAMES.map((name) => [name, aboutSchema(name)]));
});
