"""Reads .safetensors files of float32 and int64, a tensor at a time."""

import json

import torch

TYPES = {"F32": torch.float32, "I64": torch.int64}


def tensors(path):
    """Yields (name, tensor) in the order of the file."""
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
        header.pop("__metadata__", None)
        for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
            begin, end = entry["data_offsets"]
            file.seek(8 + length + begin)
            yield name, torch.frombuffer(bytearray(file.read(end - begin)), dtype=TYPES[entry["dtype"]]).reshape(entry["shape"])


def shapes(path):
    """The shape of every tensor by its name."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    return {name: entry["shape"] for name, entry in header.items() if name != "__metadata__"}
