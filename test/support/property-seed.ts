import * as fc from "fast-check";

/**
 * Property tests draw the same values at every run, so that a change is never refused for a value
 * that has nothing to do with it. `FC_SEED=random` draws others, and is how to look for more.
 */
const { FC_SEED: seed = "1" } = process.env;
if (seed !== "random") fc.configureGlobal({ seed: Number(seed) });
