/**
 * Nanoseconds for one plane: its share of a call (of `boxes`, of each pass), a start, and what each
 * unit of work adds (see `PlaneWork`).
 */
interface Coefficients {
  readonly dense: {
    readonly call: number;
    readonly start: number;
    readonly pixel: number;
    readonly moved: number;
    readonly tap: number;
    readonly expanded: number;
  };
  readonly fft: {
    readonly call: number;
    readonly start: number;
    readonly pixel: number;
    readonly spectrum: number;
    readonly product: number;
  };
  readonly boxes: { readonly call: number; readonly start: number; readonly pass: number };
}

/** Coefficients of the convolution alone, and with both gradients. */
export interface CpuCoefficients {
  readonly forward: Coefficients;
  readonly training: Coefficients;
}

/**
 * What the emitted `_costs` and this planner take for one core, fitted to measurements
 * (docs/kernels.md): the one place where these numbers stand.
 */
export const CPU: CpuCoefficients = {
  forward: {
    dense: { call: 80000, start: 48, pixel: 1.03, moved: 0.849, tap: 0.00835, expanded: 0.12 },
    fft: { call: 65000, start: 143, pixel: 1.08, spectrum: 2.49, product: 0.0422 },
    boxes: { call: 2200, start: 183, pass: 0.115 },
  },
  training: {
    dense: { call: 400000, start: 191, pixel: 3.48, moved: 5.5, tap: 0.0242, expanded: 2.96 },
    fft: { call: 230000, start: 303, pixel: 2.6, spectrum: 5.77, product: 0.11 },
    boxes: { call: 9000, start: 653, pass: 0.639 },
  },
};

/** Bytes a second that one core copies, reading and writing both counted: one seen, on a server. */
export const CPU_COPY = 40e9;
