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
    dense: { call: 80000, start: 47, pixel: 1.03, moved: 0.757, tap: 0.00864, expanded: 0.12 },
    fft: { call: 65000, start: 142, pixel: 1.09, spectrum: 3.18, product: 0.051 },
    boxes: { call: 2200, start: 186, pass: 0.117 },
  },
  training: {
    dense: { call: 400000, start: 189, pixel: 3.51, moved: 5.03, tap: 0.0249, expanded: 2.91 },
    fft: { call: 230000, start: 355, pixel: 2.52, spectrum: 7.6, product: 0.138 },
    boxes: { call: 9000, start: 649, pass: 0.652 },
  },
};

/** Bytes a second that one core copies, reading and writing both counted: one seen, on a server. */
export const CPU_COPY = 40e9;
