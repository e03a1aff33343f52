import { Peer, TimmName } from "../ir/peer.js";
import { declare, freeze, readOptions } from "./declare.js";
import { wrongValue } from "./mistake.js";
import { WORDS } from "./words.js";

export interface TimmOptions {
  /** What tables and records call it; `timm_<model>` where it is not given. */
  readonly name?: string | undefined;
  /** Three channels, and the size that timm gives the model, where they are not given. */
  readonly input?:
    | {
        readonly channels?: number | undefined;
        /** Pixels, or height and width; `null` is the size that timm gives the model. */
        readonly size?: number | readonly [height: number, width: number] | null | undefined;
      }
    | undefined;
  /** Largest stochastic-depth rate, from 0 to below 1; 0 where it is not given, whatever timm's default. */
  readonly dropPath?: number | undefined;
  /** Outputs of its classifier; 1000 where it is not given. */
  readonly classes?: number | undefined;
}

const INPUT = { channels: 3, size: null };

/**
 * A model of timm by its name: a peer, which is trained, counted and timed beside networks and
 * never generated. It starts from random weights; nothing is downloaded.
 *
 * @param model - timm's name, such as `swin_tiny_patch4_window7_224`; whether timm has it is found
 *   out by Python, when the peer is counted or trained
 * @throws FoveaError for a name that timm cannot have, and of the first option that is unknown or
 *   wrong
 */
export function timm(model: string, options: TimmOptions = {}): Peer {
  const given = readOptions("timm", options);
  // A wrong name is the mistake, not the name that would be made from it.
  const words = WORDS["timm.model"];
  if (words && !TimmName.safeParse(model).success) {
    throw wrongValue(["model"], model, words).with({ fix: `write timm(${words.example})` });
  }
  return freeze(
    declare({
      what: "timm",
      schema: Peer,
      fixed: { kind: "timm", model },
      defaults: { name: usualName(model), dropPath: 0, classes: 1000 },
      options: { ...given, input: completeInput(given["input"]) },
    }),
  );
}

/** Our own `convnext_tiny` may stand beside timm's: a peer's usual name tells them apart. */
function usualName(model: string): string {
  return `timm_${model.toLowerCase().replace(/[^a-z0-9_]+/g, "_")}`.slice(0, 64);
}

function completeInput(input: unknown): unknown {
  if (input === undefined) return INPUT;
  if (typeof input !== "object" || input === null || Array.isArray(input)) return input;
  const entries = Object.entries(input).filter(([, value]) => value !== undefined);
  return { ...INPUT, ...Object.fromEntries(entries) };
}
