import { z } from "zod";

/** Dynamic sparse training (RigL; SLaK, section 3.3), completed. */
export const Sparsity = z.strictObject({
  /** Share of the weights that are zero. */
  amount: z.number().gt(0).lt(1),
  /** What fixes each layer's density. */
  init: z.enum(["snip", "uniform", "erk"]),
  /** Optimizer steps from one change of the masks to the next. */
  every: z.int().positive().max(1e9),
  /** Share of a layer's weights that the first change exchanges; a cosine takes it to 0.005. */
  prune: z.number().gt(0).lt(1),
  /** Which weights come back: any, or those with the largest gradient. */
  grow: z.enum(["random", "gradient"]),
  /** What is one weight: a parameter as it is stored, or a tap of the merged k×k kernel. */
  on: z.enum(["shared", "expanded"]),
});
export type Sparsity = z.infer<typeof Sparsity>;
