"""Puts a forged file, or a data directory, on disk."""

import os
import pathlib


def write(forged, folder):
    """The path that a command takes as its source."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if forged.base.kind != "directory":
        path = folder / ("snapshot.db" if forged.base.kind == "snapshot" else "db")
        put(path, forged.file_bytes(), forged.sparse_size)
        return path
    put(folder / "member/snap/db", forged.file_bytes())
    (folder / "member/wal").mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, content in forged.log.files().items():
        put(folder / name, content)
    return folder


def put(path, content, size=None):
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_bytes(content)
    if size:
        os.truncate(path, size)
    path.chmod(0o600)
