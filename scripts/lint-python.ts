import { findPython } from "../src/launch/python.js";
import { ROOT, run, runPython } from "./python.js";

const OWN = ["python", "test/python"];

runPython(["-m", "ruff", "check", "--config", "python/pyproject.toml", ...OWN]);
runPython(["-m", "ruff", "format", "--check", "--config", "python/pyproject.toml", ...OWN]);
runPython(["-m", "ruff", "check", "--isolated", "generated", "test/goldens"]);
runPython(["-m", "ruff", "format", "--check", "--isolated", "generated", "test/goldens"]);
run("node_modules/.bin/pyright", [
  "--pythonpath",
  findPython(ROOT).command,
  "--warnings",
  "python/fovea_runtime",
  "generated",
]);
