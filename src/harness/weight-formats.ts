/** Layouts of checkpoints: those of the authors' code, timm's ConvNeXt, and fovea's own. */
export const WEIGHT_FORMATS = ["replknet", "slak", "convnext", "timm", "fovea"] as const;
export type WeightFormat = (typeof WEIGHT_FORMATS)[number];
