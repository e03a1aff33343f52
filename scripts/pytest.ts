import { runPython } from "./python.js";

const given = process.argv.slice(2);
const files = given.some((word) => word.startsWith("test/")) ? [] : ["test/python"];

// A worker a core: the tests keep torch to one thread each. Tests of one group share a worker.
runPython(["-m", "pytest", "-n", "2", "--dist", "loadgroup", ...files, ...given]);
