/** `fovea retarget` as commander hands it over. */
export interface RetargetOptions {
  readonly kernels?: string;
  readonly stage: readonly string[];
  readonly centre?: string;
  readonly grid: readonly string[];
  readonly resolution?: string;
  readonly network?: string;
  readonly override?: boolean;
  readonly split?: boolean;
  readonly write?: boolean;
  readonly undo?: boolean;
  readonly out?: string;
  readonly tuned?: string;
  readonly force?: boolean;
  /** False where `--no-verify` was given. */
  readonly verify: boolean;
  readonly bench?: boolean;
  readonly device: "auto" | "cpu" | "cuda";
  readonly target: string;
  readonly dtype?: string;
  readonly batch?: string;
}
