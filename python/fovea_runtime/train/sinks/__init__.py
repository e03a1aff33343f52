"""TensorBoard, MLflow and Weights & Biases: a run's events are passed on, beside the training.

Each sink is a process of its own, which follows the run's `events.jsonl`. Whatever a client does
there (raise, hang, leave, draw random numbers, start threads), the training never waits for it.
"""
