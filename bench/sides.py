"""The servers that are compared: ours, stock Rasa, and one that only echoes and stores."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bench.servers import QUIET, ROOT, Server, free_port
from bench.stock import write_stock_project


def demo_shop(folder: Path, project: Path = ROOT) -> str:
    """The URL of a new database with the demo shop."""
    folder.mkdir(parents=True, exist_ok=True)
    url = f"sqlite:///{folder / 'house.db'}"
    run([sys.executable, "-m", "bot.shop", "--database", url, "demo"], project)
    return url


def ours(
    folder: Path, models: Path, *, module: str = "bot", database: str = "", project: Path = ROOT
) -> Server:
    """`python -m bot` of a checkout, on a database of its own."""
    port = free_port()
    environ = {
        "PYTHONPATH": str(project),
        "DATABASE_URL": database or demo_shop(folder, project),
        "PORT": str(port),
        "DIANXIAOER_VAR": str(folder / "var"),
        "MODELS": str(models),
    }
    return Server(
        name="ours" if module == "bot" else module,
        address=f"http://127.0.0.1:{port}",
        project=project,
        logs=folder / "logs",
        commands=[["-m", module]],
        environ=environ,
    )


def echo(folder: Path) -> Server:
    """Our server with an engine that repeats what it hears: the floor under every turn."""
    return ours(folder, folder, module="bench.echo")


def stock(folder: Path, *, model: Path | None, epochs: int) -> Server:
    """`rasa run` and `rasa run actions`; trains first unless a model is given (minutes)."""
    port, actions_port = free_port(), free_port()
    url = demo_shop(folder)
    project = folder / "project"
    project.mkdir()
    write_stock_project(
        project, database=folder / "house.db", actions_port=actions_port, epochs=epochs
    )
    if model is None:
        model = train_stock(project)
    rasa = ["-m", "rasa", "run"]
    return Server(
        name="stock Rasa",
        address=f"http://127.0.0.1:{port}",
        project=project,
        logs=folder / "logs",
        commands=[
            [*rasa, "--port", str(port), "--model", str(model.resolve())],
            [*rasa, "actions", "--port", str(actions_port)],
        ],
        environ={"DATABASE_URL": url},
    )


def train_stock(project: Path) -> Path:
    """Rasa's own training of a stock project; the model."""
    run([sys.executable, "-m", "rasa", "train", "--skip-validation", "--quiet"], project)
    return next((project / "models").glob("*.tar.gz"))


def run(command: list[str], folder: Path) -> None:
    """Raises CalledProcessError; its output stays hidden unless it fails."""
    own = folder if (folder / "bot").is_dir() else ROOT
    environ = {**os.environ, **QUIET, "PYTHONPATH": str(own)}
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stdout.decode()[-2000:] + done.stderr.decode()[-2000:])
        done.check_returncode()
