import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type Handlebars from "handlebars";
import { packageRoot } from "../ir/package-root.js";

/**
 * A missing name is an error, Python is not HTML, and no helper is looked up at run time.
 * Handlebars hands these options on to partials.
 */
const OPTIONS = {
  strict: true,
  noEscape: true,
  knownHelpersOnly: true,
} as const satisfies CompileOptions;

const SUFFIX = ".py.hbs";

/** Folders whose templates can be included with `{{> name}}`. */
const PARTIAL_FOLDERS = ["partials", "kernels/partials"] as const;

const root = join(packageRoot, "templates");
const compiled = new Map<string, Handlebars.TemplateDelegate>();
let environment: typeof Handlebars | undefined;

/**
 * Prints `templates/<template>.hbs` with the names in `view`. Templates are compiled once a
 * process.
 *
 * @param template path below `templates/` without `.hbs`, such as `kernels/kernel.py`
 * @throws Error when the template asks for a name that `view` lacks
 */
export function render(template: string, view: object): string {
  return compile(template)(view);
}

function compile(template: string): Handlebars.TemplateDelegate {
  const known = compiled.get(template);
  if (known !== undefined) return known;
  environment ??= createEnvironment();
  const text = readFileSync(join(root, `${template}.hbs`), "utf8");
  const delegate = environment.compile(text, OPTIONS);
  compiled.set(template, delegate);
  return delegate;
}

/** Handlebars is loaded when something is rendered first. */
function createEnvironment(): typeof Handlebars {
  const require = createRequire(import.meta.url);
  const created = (require("handlebars") as typeof Handlebars).create();
  for (const folder of PARTIAL_FOLDERS) {
    const directory = join(root, folder);
    if (!existsSync(directory)) continue;
    for (const file of readdirSync(directory).sort()) {
      if (!file.endsWith(SUFFIX)) continue;
      const name = file.slice(0, -SUFFIX.length);
      if (Object.hasOwn(created.partials, name)) {
        throw new Error(`two templates provide the partial ${name}`);
      }
      created.registerPartial(name, readFileSync(join(directory, file), "utf8"));
    }
  }
  return created;
}
