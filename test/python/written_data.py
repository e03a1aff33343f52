"""Small data in the real formats: what the archives of ImageNet, WebDataset, ADE20K, COCO and VOC hold."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Size = tuple[int, int]


def picture(height: int, width: int, seed: int) -> Image.Image:
    """A smooth image in colour, so that JPEG keeps it nearly as it is."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 255, (4, 4, 3)).astype(np.uint8)
    return Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)


def jpeg(height: int, width: int, seed: int) -> bytes:
    """A JPEG file."""
    buffer = io.BytesIO()
    picture(height, width, seed).save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


def write_images(folder: Path, classes: dict[str, int], seed: int) -> None:
    """Random images of several sizes; every third is grey, every third a PNG with a palette."""
    random = np.random.default_rng(seed)
    for name, count in classes.items():
        (folder / name).mkdir(parents=True)
        for index in range(count):
            shape = (random.integers(20, 40), random.integers(20, 40), 3)
            image = Image.fromarray(random.integers(0, 255, shape).astype(np.uint8))
            if index % 3 == 1:
                image.convert("L").save(folder / name / f"{index}.jpg")
            elif index % 3 == 2:
                image.convert("P").save(folder / name / f"{index}.png")
            else:
                image.save(folder / name / f"{index}.jpg")


def write_shard(path: Path, files: Sequence[tuple[str, bytes]]) -> None:
    """A tar file of named contents, in their order."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w") as tar:
        for name, content in files:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


def samples(first: int, count: int, classes: int) -> list[tuple[str, bytes]]:
    """Files of WebDataset samples; sample i is of class i mod `classes`."""
    return [
        each
        for i in range(first, first + count)
        for each in (
            (f"part/{i:06}.jpg", jpeg(24 + i % 3, 30, i)),
            (f"part/{i:06}.cls", b"%d\n" % (i % classes)),
            (f"part/{i:06}.json", b"{}"),
        )
    ]


def write_ade20k(root: Path, training: Sequence[Size], validation: Sequence[Size]) -> None:
    """ADEChallengeData2016 with images of these sizes; their masks have every class and 0."""
    for split, sizes in (("training", training), ("validation", validation)):
        images, masks = root / "images" / split, root / "annotations" / split
        images.mkdir(parents=True)
        masks.mkdir(parents=True)
        for index, (height, width) in enumerate(sizes):
            name = f"ADE_{split[:5]}_{index:08}"
            (images / f"{name}.jpg").write_bytes(jpeg(height, width, index))
            write_mask(masks / f"{name}.png", ade_mask(height, width, index))


def ade_mask(height: int, width: int, seed: int) -> NDArray[np.uint8]:
    """Classes 0 to 150 as they are stored."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 151, (height // 4 + 1, width // 4 + 1)).astype(np.uint8)
    return np.kron(coarse, np.ones((4, 4), np.uint8))[:height, :width]


def write_mask(path: Path, mask: NDArray[np.uint8]) -> None:
    """A PNG whose palette says nothing of its numbers."""
    image = Image.fromarray(mask, "L").convert("P")
    image = Image.frombytes("P", image.size, mask.tobytes())
    image.putpalette([(7 * i + channel) % 256 for i in range(256) for channel in range(3)])
    image.save(path)


CATEGORIES = [{"id": 18, "name": "dog"}, {"id": 1, "name": "person"}, {"id": 44, "name": "bottle"}]
"""In no order, as their ids have gaps in COCO too; the labels are person 0, dog 1, bottle 2."""


def coco_content(images: Sequence[dict[str, Any]], annotations: Sequence[dict[str, Any]]) -> Any:
    """What an `instances_….json` holds."""
    return {
        "info": {"year": 2017},
        "licenses": [],
        "images": list(images),
        "annotations": list(annotations),
        "categories": CATEGORIES,
    }


def coco_image(number: int, height: int, width: int) -> dict[str, Any]:
    """An image's record."""
    return {
        "id": number,
        "file_name": f"{number:012}.jpg",
        "height": height,
        "width": width,
        "license": 1,
    }


def coco_object(
    number: int, image: int, category: int, box: Sequence[float], **more: Any
) -> dict[str, Any]:
    """An object's record; its mask is its box where nothing else is given."""
    x, y, w, h = box
    corners = [x, y, x + w, y, x + w, y + h, x, y + h]
    return {
        "id": number,
        "image_id": image,
        "category_id": category,
        "bbox": list(box),
        "area": w * h,
        "iscrowd": 0,
        "segmentation": [corners],
        **more,
    }


def run_lengths(mask: NDArray[np.bool_]) -> list[int]:
    """COCO's uncompressed run lengths, column by column, the first of 0."""
    runs, value = [0], False
    for pixel in mask.T.flatten().tolist():
        if pixel != value:
            runs.append(0)
            value = pixel
        runs[-1] += 1
    return runs


def compressed(runs: Sequence[int]) -> str:
    """COCO's compressed string of run lengths, as its `rleToString` writes it."""
    text = ""
    for index, run in enumerate(runs):
        left = run - runs[index - 2] if index > 2 else run
        more = True
        while more:
            group = left & 0x1F
            left >>= 5
            more = left != -1 if group & 0x10 else left != 0
            text += chr((group | (0x20 if more else 0)) + 48)
    return text


def write_coco(root: Path, split: str, content: Any) -> None:
    """The JSON file of a split and its images."""
    (root / "annotations").mkdir(parents=True, exist_ok=True)
    (root / split).mkdir(parents=True)
    (root / "annotations" / f"instances_{split}.json").write_text(json.dumps(content), "utf-8")
    for image in content["images"]:
        data = jpeg(image["height"], image["width"], image["id"])
        (root / split / image["file_name"]).write_bytes(data)


VOC_OBJECT = """
  <object>
    <name>{name}</name>
    <pose>Unspecified</pose>
    <truncated>0</truncated>
    <difficult>{difficult}</difficult>
    <bndbox><xmin>{xmin}</xmin><ymin>{ymin}</ymin><xmax>{xmax}</xmax><ymax>{ymax}</ymax></bndbox>
    <part><name>head</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></part>
  </object>"""
VOC_FILE = """<annotation>
  <folder>VOC2007</folder>
  <filename>{name}.jpg</filename>
  <source><database>The VOC2007 Database</database></source>
  <size><width>{width}</width><height>{height}</height><depth>3</depth></size>
  <segmented>0</segmented>{objects}
</annotation>
"""
VocObject = tuple[str, int, tuple[int, int, int, int]]
"""Class, difficult or not, and xmin, ymin, xmax and ymax from 1."""


def voc_xml(name: str, size: Size, objects: Sequence[VocObject]) -> str:
    """An annotation of an image of (height, width)."""
    written = "".join(
        VOC_OBJECT.format(
            name=kind, difficult=difficult, xmin=box[0], ymin=box[1], xmax=box[2], ymax=box[3]
        )
        for kind, difficult, box in objects
    )
    return VOC_FILE.format(name=name, height=size[0], width=size[1], objects=written)


def write_voc(
    root: Path, split: str, images: dict[str, tuple[Size, list[VocObject]]], year: str = "2007"
) -> None:
    """Images with their annotations and their list, below VOCdevkit."""
    folder = root / f"VOC{year}"
    lists = folder / "ImageSets" / "Main"
    for each in (folder / "JPEGImages", folder / "Annotations", lists):
        each.mkdir(parents=True, exist_ok=True)
    for seed, (name, (size, objects)) in enumerate(images.items()):
        (folder / "JPEGImages" / f"{name}.jpg").write_bytes(jpeg(*size, seed))
        (folder / "Annotations" / f"{name}.xml").write_text(voc_xml(name, size, objects), "utf-8")
    (lists / f"{split}.txt").write_text("".join(f"{name}\n" for name in images), "utf-8")
    (lists / f"dog_{split}.txt").write_text("".join(f"{name} -1\n" for name in images), "utf-8")
