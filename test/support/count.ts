/** Sum over stages of depth · f(width), the only sum that closed forms need. */
export function overBlocks(
  depths: readonly number[],
  widths: readonly number[],
  each: (width: number, stage: number) => number,
): number {
  return depths.reduce((sum, depth, stage) => sum + depth * each(widths[stage] ?? 0, stage), 0);
}

/** ConvNeXt's parameters without its depthwise kernels and their biases or norms. */
export function frameParameters(
  depths: readonly number[],
  widths: readonly number[],
  classes = 1000,
): number {
  // LayerNorm 2c, two linears of expansion 4 with biases 8c² + 5c, layer scale c.
  const blocks = overBlocks(depths, widths, (c) => 8 * c ** 2 + 8 * c);
  const [first = 0] = widths;
  const last = widths.at(-1) ?? 0;
  const stem = first * (3 * 16 + 1) + 2 * first;
  const between = widths.slice(1).reduce((sum, c, stage) => {
    const before = widths[stage] ?? 0;
    return sum + 2 * before + c * (4 * before + 1);
  }, 0);
  return stem + between + blocks + 2 * last + classes * (last + 1);
}
