"""Whether the wheel is whole: `make wheel` builds it, installs it into an empty environment, and asks it things."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUILT = ROOT / "build" / "wheel"
HAS = (
    "bacatui/py.typed", "bacatui/store/schema.sql", "bacatui/cli/grammar.toml", "bacatui/commands.toml",
    "bacatui/i18n/locale/id.mo", "bacatui/styles/app.tcss",
)  # fmt: skip
USE = "import bacatui\narticle: bacatui.Article = bacatui.extract('<p>a</p>')\nwrong: int = article.text\n"


def run(*command: str, at: Path) -> str:
    """What a command printed, its errors among it."""
    done = subprocess.run(
        command, cwd=at, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def faults() -> list[str]:
    """What is wrong with the wheel, a sentence each."""
    wheel = max(BUILT.glob("bacatui-*.whl"), key=lambda path: path.stat().st_mtime)
    with zipfile.ZipFile(wheel) as packed:
        found = [f"{name} is not in {wheel.name}." for name in HAS if name not in packed.namelist()]
        found += [
            f"{name} does not belong into {wheel.name}."
            for name in packed.namelist()
            if "tests/" in name
        ]
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        run(sys.executable, "-m", "venv", "--without-pip", "env", at=at)
        python = str(at / "env/bin/python")
        run("python3", "-m", "pip", "-q", "--python", python, "install", str(wheel), "mypy", at=at)
        told = run(str(at / "env/bin/bacatui"), "version", at=at)
        if not told.startswith("bacatui "):
            found.append(f"bacatui version says {told!r}.")
        listed = run(str(at / "env/bin/bacatui"), "--home", "home", "list", "--json", at=at)
        if '"entries"' not in listed:
            found.append(f"bacatui list --json says {listed!r}.")
        (at / "use.py").write_text(USE)
        checked = subprocess.run(
            [python, "-m", "mypy", "use.py"], cwd=at, capture_output=True, text=True, check=False
        )
        if (
            'expression has type "str"' not in checked.stdout
            or "Found 1 error" not in checked.stdout
        ):
            found.append(f"mypy does not see our types: {checked.stdout}")
    return found


def main() -> int:
    """Print what is wrong; the exit code tells whether anything is."""
    found = faults()
    print("\n".join(found) or "The wheel is whole: it installs, runs, and tells its types.")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
