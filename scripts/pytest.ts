import { runPython } from "./python.js";

// A worker a core: the tests keep torch to one thread each. Tests of one group share a worker.
const words = ["-n", "2", "--dist", "loadgroup", "test/python", ...process.argv.slice(2)];
runPython(["-m", "pytest", ...words]);
