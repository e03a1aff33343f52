"""What is wrong with a checkpoint as a whole: another format, another family, another size."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fovea_runtime.weights.accounting import Account
from fovea_runtime.weights.declared import Config
from fovea_runtime.weights.formats import FORMATS
from fovea_runtime.weights.layout import NotOfFamily
from fovea_runtime.weights.mistake import DOES_NOT_FIT, WeightsMistake
from fovea_runtime.weights.sighting import Sighting, declared


@dataclass(frozen=True)
class Recognised:
    """A file's weights, the format that they are said to be in, and the shipped networks.

    `seen` is None where no format knows any of the keys; then the accounting tells best.
    """

    path: Path
    format: str
    seen: Sighting | None
    known: Sequence[Config]

    @property
    def name(self) -> str | None:
        """The shipped network that the file looks like."""
        return None if self.seen is None else self.seen.name(self.known)

    def shipped_network(self) -> str:
        """The shipped network that the file is a checkpoint of.

        Raises:
            WeightsMistake: there is none, or it is in another format.
        """
        if mistake := self.other_format():
            raise mistake
        if self.name is not None:
            return self.name
        sizes = "" if self.seen is None else f": it looks like {self._words()}"
        raise WeightsMistake(
            DOES_NOT_FIT,
            f"{self.path} is no checkpoint of a shipped network{sizes}",
            value=str(self.path),
            fix="declare the network in a file and name that in --network",
        )

    def other_format(self) -> WeightsMistake | None:
        """The mistake of naming another format than the file's, if that is what it is."""
        if self.seen is None or self.seen.format == self.format:
            return None
        network = "" if self.name is None else f" --network {self.name}"
        return WeightsMistake(
            DOES_NOT_FIT,
            f"{self.path} looks like {self._words()}, not like {FORMATS[self.format].words}",
            value=str(self.path),
            fix=f"write --format {self.seen.format}{network}",
        )

    def not_ours(self) -> WeightsMistake:
        """The mistake of exporting what is in somebody's layout already."""
        return WeightsMistake(
            DOES_NOT_FIT,
            f"{self.path} looks like {self._words()}, not like {FORMATS['fovea'].words}",
            value=str(self.path),
            fix="name a file that `fovea weights import` wrote, or a checkpoint of `fovea run`",
        )

    def other_family(self, config: Config, why: NotOfFamily) -> WeightsMistake:
        """The mistake of naming a network that the format has no place for."""
        family = FORMATS[self.format].family
        looks = "" if self.seen is None else f"; {self.path} looks like {self._words()}"
        fix = self._other_network(f"name a {family}, shipped or declared, in --network")
        if any(mixer["type"] in ("peripheral", "grid") for mixer in config["mixers"]):
            fix += f"; or --project starts {config['name']} from this file's kernels"
        return WeightsMistake(
            DOES_NOT_FIT,
            f"{config['name']} is no {family}, as --format {self.format} wants: {why}{looks}",
            value=config["name"],
            fix=fix,
        )

    def does_not_fit(self, config: Config, found: Account) -> WeightsMistake:
        """Keys are missing, left over, or of another shape."""
        own = declared(self.format, config)
        is_its_size = self.seen is None or own is None or self.seen == own
        looks = "" if is_its_size else f"it looks like {self._words()}, not {config['name']}; "
        fix = "import it into a network of its sizes, or fetch the checkpoint again"
        if any(".lkb_reparam." in key for key in found.extra):
            fix = "its branches are merged; take the checkpoint from before structural_reparam()"
        return WeightsMistake(
            DOES_NOT_FIT,
            f"{self.path} does not fit {config['name']}: {looks}{found.summary()}",
            value=str(self.path),
            fix=fix if is_its_size else self._other_network(fix),
            lines=found.lines(),
        )

    def other_classes(
        self, config: Config, wanted: int, seen: int | None, found: Account
    ) -> WeightsMistake:
        """Nothing but the classifier does not fit."""
        if seen is None or seen == wanted:
            has, also = "no whole classifier", ""
        else:
            has, also = f"{seen} classes", f"; --classes {seen} takes the file's"
        return WeightsMistake(
            DOES_NOT_FIT,
            f"{self.path} has {has}, and {config['name']} wants {wanted}",
            value=str(self.path),
            fix=f"--classes {wanted} starts a fresh classifier of that size{also}",
            lines=found.lines(),
        )

    def _other_network(self, otherwise: str) -> str:
        name = self.name
        return otherwise if name is None else f"did you mean --network {name}?"

    def _words(self) -> str:
        assert self.seen is not None
        return self.seen.described(self.known)
