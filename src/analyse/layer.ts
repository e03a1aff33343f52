import type { Size } from "../ir/index.js";

/** What a layer does; its parameters and multiply-adds follow from it. */
export type LayerKind = "convolution" | "depthwise" | "linear" | "norm" | "scale" | "embedding";

/** One trainable tensor. */
export interface Tensor {
  /** Full name in the emitted module, as in its `named_parameters()`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Whether the declared sparsity takes a share of it for zero. */
  readonly sparse: boolean;
}

/** One layer of the emitted module in training form. */
export interface Layer {
  /** Name in the emitted module. */
  readonly name: string;
  readonly kind: LayerKind;
  readonly tensors: readonly Tensor[];
  /** Multiply-adds of one image. Norms, activations, scales and constants count as none. */
  readonly macs: number;
  /** Parameters that `fuse()` leaves of it, or adds in its place. */
  readonly merged: number;
}

export function numel(tensor: Tensor): number {
  return tensor.shape.reduce((product, side) => product * side, 1);
}

/** Parameters in training form. */
function parameters(tensors: readonly Tensor[]): number {
  return tensors.reduce((sum, tensor) => sum + numel(tensor), 0);
}

interface Weighted {
  readonly kind: LayerKind;
  /** Of the weight; its first entry is that of the bias. */
  readonly shape: readonly number[];
  readonly bias: boolean;
  readonly macs: number;
}

/** A layer with a weight, and perhaps a bias. */
export function weighted(name: string, { kind, shape, bias, macs }: Weighted): Layer {
  const weight = { name: `${name}.weight`, shape, sparse: true };
  const vector = { name: `${name}.bias`, shape: shape.slice(0, 1), sparse: true };
  const tensors = bias ? [weight, vector] : [weight];
  return { name, kind, tensors, macs, merged: parameters(tensors) };
}

/** LayerNorm or BatchNorm: a scale and a shift a channel. */
export function norm(name: string, channels: number): Layer {
  const tensor = (leaf: string) => ({ name: `${name}.${leaf}`, shape: [channels], sparse: true });
  const tensors = [tensor("weight"), tensor("bias")];
  return { name, kind: "norm", tensors, macs: 0, merged: parameters(tensors) };
}

/** A BatchNorm right after a convolution: `fuse()` leaves the convolution's bias. */
export function foldedNorm(name: string, channels: number): Layer {
  return { ...norm(name, channels), merged: channels };
}

export function linear(name: string, from: number, to: number, pixels: number): Layer {
  return weighted(name, {
    kind: "linear",
    shape: [to, from],
    bias: true,
    macs: pixels * from * to,
  });
}

interface Convolution {
  readonly from: number;
  readonly to: number;
  /** Side in taps. */
  readonly kernel: number;
  /** Its own map, `[height, width]` in pixels. */
  readonly map: Size;
  readonly depthwise?: boolean;
}

/** An ordinary square convolution. */
export function convolution(name: string, bias: boolean, options: Convolution): Layer {
  const { from, to, kernel, map, depthwise = false } = options;
  const inputs = depthwise ? 1 : from;
  return weighted(name, {
    kind: depthwise ? "depthwise" : "convolution",
    shape: [to, inputs, kernel, kernel],
    bias,
    macs: map[0] * map[1] * kernel * kernel * inputs * to,
  });
}

/** A convolution without bias and the BatchNorm after it, as the emitted `ConvNorm`. */
export function convNorm(name: string, options: Convolution): Layer[] {
  return [convolution(`${name}.conv`, false, options), foldedNorm(`${name}.norm`, options.to)];
}
