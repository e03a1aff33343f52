/** How a run is started. Plain, because the command line lists them before anything else is loaded. */
export const LAUNCHERS = ["local", "torchrun", "slurm"] as const;

/** Where figures are passed on to. */
export const SINKS = ["tensorboard", "mlflow", "wandb"] as const;
