"""How many weights of each layer are kept."""

from fovea_runtime.sparsity.layers import Layer


def kept_counts(layers: list[Layer], densities: list[float]) -> list[list[int]]:
    """Kept weights of each stratum of each layer, at its density to within one weight.

    What rounding adds or leaves is handed on to the next, so that the sum is right to one weight
    too. No stratum is emptied.
    """
    counts: list[list[int]] = []
    carry = 0.0
    for layer, density in zip(layers, densities, strict=True):
        row = []
        for stratum in layer.strata:
            wanted = density * stratum.taps * stratum.size + carry
            count = min(max(round(wanted / stratum.taps), 1), stratum.size)
            # A stratum that may not be emptied or filled further is no debt of the next.
            carry = min(max(wanted - count * stratum.taps, -stratum.taps / 2), stratum.taps / 2)
            row.append(count)
        carry = min(max(carry, -0.5), 0.5)
        counts.append(row)
    return counts
