import type { Experiment } from "../../ir/experiment.js";
import type { Network } from "../../ir/network.js";
import { demo } from "./demo.js";
import { pelk } from "./pelk.js";
import { pelkDigits } from "./pelk-digits.js";

/** Networks that go by their name wherever a FILE may stand. */
export const shippedNetworks: Readonly<Record<string, () => Network>> = {
  pelk_tiny: () => pelk("tiny"),
  pelk_small: () => pelk("small"),
  pelk_base: () => pelk("base"),
  pelk_digits: pelkDigits,
};

/** Experiments that do. */
export const shippedExperiments: Readonly<Record<string, () => Experiment>> = { demo };
