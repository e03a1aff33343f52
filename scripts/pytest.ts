import { runPython } from "./python.js";

// A worker a core: the tests keep torch to one thread each.
runPython(["-m", "pytest", "-n", "2", "test/python", ...process.argv.slice(2)]);
