import { runPython } from "./python.js";

runPython(["-m", "pytest", "test/python", ...process.argv.slice(2)]);
