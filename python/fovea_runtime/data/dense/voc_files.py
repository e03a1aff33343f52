"""Pascal VOC's lists and annotations."""

from pathlib import Path
from xml.etree import ElementTree

from fovea_runtime.data.dense.annotations import Annotations, Gatherer, fitted_box
from fovea_runtime.data.folders import require_folder
from fovea_runtime.data.unreadable import listed

_KIND = "voc"
CLASSES = [
    *("aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow"),
    *("diningtable", "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa"),
    *("train", "tvmonitor"),
]


def read_voc(folder: Path, split: str) -> Annotations:
    """What a year's folder annotates of the images in `ImageSets/Main/<split>.txt`.

    Boxes are written from 1 with their last pixel: xmin 1 and xmax 10 are here 0 to 10. Objects
    with an empty box or a box outside of the image are left out and named in `problems`.

    Raises:
        ValueError: the list or an annotation is missing or no such file, or an object is of no
            known class.
    """
    names = _names(folder, split)
    files = [folder / "Annotations" / f"{name}.xml" for name in names]
    require_folder(_KIND, folder / "Annotations", "copy it from the archive")
    missing = [str(file) for file in files if not file.is_file()]
    if missing:
        raise ValueError(
            f"{_KIND}: {len(missing)} annotations of {split}.txt are missing: {listed(missing, 3)}: "
            "copy them from the archive, or take their names out of the list"
        )
    gatherer = Gatherer(CLASSES)
    for number, (name, file) in enumerate(zip(names, files, strict=True)):
        try:
            size = _gather(gatherer, file)
        except (ElementTree.ParseError, OSError) as error:
            raise ValueError(f"{_KIND}: {file} is no XML: {error}: copy it again") from error
        except (AttributeError, TypeError) as error:
            raise ValueError(
                f"{_KIND}: {file} is no annotation as VOC has them: it needs size, and a name and "
                "a bndbox for each object"
            ) from error
        gatherer.end_image(f"{name}.jpg", number, size)
    return gatherer.gathered()


def _names(folder: Path, split: str) -> list[str]:
    lists = folder / "ImageSets" / "Main"
    require_folder(_KIND, lists, "copy it from the archive")
    file = lists / f"{split}.txt"
    if not file.is_file():
        present = sorted(each.stem for each in lists.glob("*.txt") if "_" not in each.stem)
        raise ValueError(
            f"{_KIND}: there is no list {file}: {lists} holds {listed(present) or 'no lists'}: "
            "name one of them in data.train and data.validation"
        )
    # The lists of single classes have a second column.
    names = [line.split()[0] for line in file.read_text("utf-8").splitlines() if line.strip()]
    if not names:
        raise ValueError(f"{_KIND}: the list {file} is empty: name another in data.train")
    return names


def _gather(gatherer: Gatherer, file: Path) -> tuple[int, int]:
    root = ElementTree.parse(file).getroot()
    size = root.find("size")
    height, width = _number(size, "height"), _number(size, "width")
    # Parts of people, such as heads, are objects within objects: they are left alone.
    for number, each in enumerate(root.findall("object")):
        name = _text(each, "name")
        if name not in CLASSES:
            raise ValueError(
                f"{_KIND}: object {number} of {file} is a {name!r}: the classes are "
                f"{', '.join(CLASSES)}"
            )
        box = each.find("bndbox")
        left, top, right, bottom = (_number(box, key) for key in ("xmin", "ymin", "xmax", "ymax"))
        try:
            fitted = fitted_box((left - 1, top - 1, right, bottom), int(height), int(width))
        except ValueError as error:
            gatherer.problems.append((f"{file}: object {number}", str(error)))
            continue
        gatherer.boxes.append(fitted)
        gatherer.labels.append(CLASSES.index(name))
        gatherer.areas.append((fitted[2] - fitted[0]) * (fitted[3] - fitted[1]))
        gatherer.flags.append((each.findtext("difficult") or "0").strip() == "1")
    return int(height), int(width)


def _number(element: ElementTree.Element | None, name: str) -> float:
    text = _text(element, name)
    try:
        return float(text)
    except ValueError as error:
        raise TypeError(f"{name} is {text!r}") from error


def _text(element: ElementTree.Element | None, name: str) -> str:
    text = None if element is None else element.findtext(name)
    if text is None:
        raise TypeError(f"{name} is missing")
    return text.strip()
