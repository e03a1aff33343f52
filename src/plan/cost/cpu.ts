/** Nanoseconds for one plane: a start, and what each unit of work adds. */
interface Coefficients {
  readonly dense: { readonly start: number; readonly pixel: number; readonly tap: number };
  readonly fft: { readonly start: number; readonly transform: number; readonly product: number };
  readonly boxes: { readonly start: number; readonly pass: number };
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
    dense: { start: 300, pixel: 3, tap: 0.025 },
    fft: { start: 500, transform: 0.7, product: 0.1 },
    boxes: { start: 500, pass: 0.5 },
  },
  training: {
    dense: { start: 900, pixel: 9, tap: 0.075 },
    fft: { start: 1500, transform: 1.5, product: 0.2 },
    boxes: { start: 1500, pass: 1.5 },
  },
};

/** Bytes a second that one core copies, reading and writing both counted: one seen, on a server. */
export const CPU_COPY = 40e9;
