import { mixedChannels } from "../ir/block.js";
import { FoveaError } from "../ir/error.js";
import { toSize } from "../ir/grid.js";
import { LIMITS } from "../ir/limits.js";
import { Network } from "../ir/network.js";
import { convolvedChannels, leastSide, stageMaps, widenedChannels } from "../ir/shape.js";
import { checkMixer } from "./check-mixer.js";
import { freeze, parse } from "./declare.js";
import { wrongValue } from "./mistake.js";
import { type Path, pathText } from "./place.js";
import { WORDS } from "./words.js";

/**
 * A network, completed: its shape and everything its parts must agree on.
 *
 * @param value - anything
 * @param what - the function that paths are relative to, such as `network`
 * @throws FoveaError of the first mistake
 */
export function validateNetwork(value: unknown, what = "network"): Network {
  const network = parse(what, Network, value);
  checkAgreement(network);
  return freeze(network);
}

/**
 * What the parts of a network must agree on.
 *
 * @param path - the way to the network from the options of the call
 * @throws FoveaError of the first mistake
 */
export function checkAgreement(network: Network, path: Path = []): void {
  checkDescription(network, path);
  checkLengths(network, path);
  network.mixers.forEach((mixer, stage) => {
    checkMixer(mixer, [...path, "mixers", stage]);
  });
  checkChannels(network, path);
  checkMaps(network, path);
}

/** The description becomes a Python literal in UTF-8, where half a surrogate pair has no place. */
function checkDescription({ description }: Network, path: Path): void {
  if (description === null || !/\p{Surrogate}/u.test(description)) return;
  const words = WORDS["description"];
  if (words) throw wrongValue([...path, "description"], description, words);
}

/** The list that differs from the other two is the wrong one; of three lengths, `widths`. */
function checkLengths({ depths, widths, mixers }: Network, path: Path): void {
  const lengths = { depths: depths.length, widths: widths.length, mixers: mixers.length };
  if (lengths.depths === lengths.widths && lengths.depths === lengths.mixers) return;
  let wrong: keyof typeof lengths = "widths";
  if (lengths.depths === lengths.widths) wrong = "mixers";
  else if (lengths.widths === lengths.mixers) wrong = "depths";
  const right = wrong === "depths" ? lengths.widths : lengths.depths;
  throw unequalLengths(
    [...path, wrong],
    wrong === "mixers" ? `${lengths.mixers} mixers` : { depths, widths }[wrong],
    `depths has ${lengths.depths} entries, widths ${lengths.widths}, mixers ${lengths.mixers}`,
    right,
  );
}

export function unequalLengths(
  path: Path,
  value: unknown,
  message: string,
  right: number,
): FoveaError {
  return new FoveaError({
    code: "FOV0020",
    message,
    path: pathText(path),
    value,
    allowed: `${right} entries: depths, widths and mixers have one for each stage`,
    fix: `give ${pathText(path)} ${right} entries`,
  });
}

function checkChannels(network: Network, path: Path): void {
  network.widths.forEach((width, stage) => {
    const channels = widenedChannels(width, network.widen);
    if (channels < 1 || channels > LIMITS.width) {
      throw new FoveaError({
        code: channels < 1 ? "FOV0001" : "FOV0022",
        message: `a width of ${width} widened by ${network.widen} is ${channels} channels`,
        path: pathText([...path, "widths", stage]),
        related: [pathText([...path, "widen"])],
        value: width,
        allowed: `1 to ${LIMITS.width} channels`,
        fix: channels < 1 ? "raise the width or widen" : "lower the width or widen",
      });
    }
    const mixed = mixedChannels(network.block, channels);
    if (mixed < 1 || mixed > LIMITS.width) throw wrongRatio(network, mixed, path);
    const partial = network.mixers[stage]?.partial ?? 1;
    if (convolvedChannels(partial, mixed) >= 1) return;
    throw new FoveaError({
      code: "FOV0013",
      message: `a share of ${partial} of ${mixed} channels leaves none to convolve`,
      path: pathText([...path, "mixers", stage, "partial"]),
      related: ["widths", "widen", "block"].map((each) => pathText([...path, each])),
      value: partial,
      allowed: `at least 1/${mixed} in this stage`,
      fix: "raise the share or widen the stage",
    });
  });
}

function wrongRatio({ block }: Network, mixed: number, path: Path): FoveaError {
  const ratio = block.type === "replknet" ? block.ratio : 1;
  return new FoveaError({
    code: mixed < 1 ? "FOV0001" : "FOV0022",
    message: `a ratio of ${ratio} gives a mixer ${mixed} channels`,
    path: pathText([...path, "block", "ratio"]),
    related: ["widths", "widen"].map((each) => pathText([...path, each])),
    value: ratio,
    allowed: `1 to ${LIMITS.width} channels`,
    fix: mixed < 1 ? "raise the ratio or the widths" : "lower the ratio or the widths",
  });
}

function checkMaps(network: Network, path: Path): void {
  const image = toSize(network.input.size);
  const stage = stageMaps(network, image).findIndex((map) => Math.min(...map) < 1);
  if (stage < 0) return;
  const least = leastSide(network);
  throw new FoveaError({
    code: "FOV0021",
    message: `an input of ${image.join("×")} pixels leaves stage ${stage} an empty feature map`,
    path: pathText([...path, "input", "size"]),
    related: ["downsample", "stem", "depths"].map((each) => pathText([...path, each])),
    value: network.input.size,
    allowed: `at least ${least} pixels a side`,
    fix: `write size: ${least}, or use fewer stages or smaller strides`,
  });
}
