/** `fovea explore` as commander hands it over. */
export interface ExploreOptions {
  readonly kernels: string;
  readonly centre?: string;
  readonly stage?: string;
  readonly network?: string;
  /** `sm_90` where it is not given, or `cpu` where times are measured on a CPU. */
  readonly target?: string;
  readonly dtype?: string;
  readonly batch?: string;
  readonly size?: string;
  readonly measure?: boolean;
  readonly device?: "auto" | "cpu" | "cuda";
  readonly threads?: string;
  readonly rounds?: string;
  readonly svg?: string;
  readonly csv?: string;
}
