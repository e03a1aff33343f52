import type { Experiment } from "../../ir/experiment.js";
import type { Network } from "../../ir/network.js";
import { convnext } from "./convnext.js";
import { demo } from "./demo.js";
import { pelk, pelk101 } from "./pelk.js";
import { pelkDigits } from "./pelk-digits.js";
import { replknet } from "./replknet.js";
import { slak } from "./slak.js";

/** Networks that go by their name wherever a FILE may stand. */
export const shippedNetworks: Readonly<Record<string, () => Network>> = {
  pelk_tiny: () => pelk("tiny"),
  pelk_small: () => pelk("small"),
  pelk_base: () => pelk("base"),
  pelk101_tiny: () => pelk101("tiny"),
  pelk101_base: () => pelk101("base"),
  slak_tiny: () => slak("tiny"),
  slak_small: () => slak("small"),
  slak_base: () => slak("base"),
  replknet_31b: () => replknet("31b"),
  replknet_31l: () => replknet("31l"),
  replknet_xl: () => replknet("xl"),
  convnext_tiny: () => convnext("tiny"),
  convnext_small: () => convnext("small"),
  convnext_base: () => convnext("base"),
  pelk_digits: pelkDigits,
};

/** Experiments that do. */
export const shippedExperiments: Readonly<Record<string, () => Experiment>> = { demo };
