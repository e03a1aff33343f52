"""What a program computes of its parameters alone is computed once, beforehand.

A shared kernel is expanded and an embedding summed before they meet the image: left in the program,
both would be done again for every batch, and a convolution's kernel would be no constant, which
many runtimes ask for.
"""

from typing import Any

import torch
from torch import Tensor, fx


@torch.no_grad()
def fold_constants(program: fx.GraphModule) -> fx.GraphModule:
    """Replaces every such value by a buffer, in place; returns the program."""
    known = _constants(program)
    graph = program.graph
    for node, value in known.items():
        is_needed = any(user not in known for user in node.users)
        if node.op == "get_attr" or not isinstance(value, Tensor) or not is_needed:
            continue
        name = f"constant_{node.name}"
        program.register_buffer(name, value.contiguous())
        with graph.inserting_before(node):
            node.replace_all_uses_with(graph.get_attr(name))
    graph.eliminate_dead_code()
    program.delete_all_unused_submodules()
    program.recompile()
    return program


def _constants(program: fx.GraphModule) -> dict[fx.Node, Any]:
    """The values of all nodes that no input reaches."""
    known: dict[fx.Node, Any] = {}
    for node in program.graph.nodes:
        if node.op == "get_attr":
            value = _attribute(program, str(node.target))
            if isinstance(value, Tensor):
                known[node] = value.detach()
            continue
        inputs = node.all_input_nodes
        if node.op == "call_function" and inputs and all(each in known for each in inputs):
            args, options = fx.map_arg((node.args, node.kwargs), known.__getitem__)
            known[node] = node.target(*args, **options)
    return known


def _attribute(module: object, path: str) -> object:
    for name in path.split("."):
        module = getattr(module, name)
    return module
