"""A stock Rasa project of our training data: what `rasa init` would have given a Chinese shop."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "results" / "bench" / "stock.tar.gz"  # where `python -m bench stock` leaves its model


def add_stock_option(parser: argparse.ArgumentParser) -> None:
    """`--stock-model`; None where nothing was trained."""
    parser.add_argument(
        "--stock-model",
        type=Path,
        default=KEPT if KEPT.exists() else None,
        help="a trained stock model (default: what `python -m bench stock` left)",
    )


def stock_config(epochs: int) -> dict[str, Any]:
    """Rasa's default pipeline and policies (its `default_config.yml`), with jieba for blanks.

    Inference costs the same after any number of epochs, so a speed test trains few.
    """
    learned = {"epochs": epochs, "constrain_similarities": True}
    return {
        "recipe": "default.v1",
        "language": "zh",
        "assistant_id": "stock",
        "pipeline": [
            {"name": "JiebaTokenizer"},
            {"name": "RegexFeaturizer"},
            {"name": "LexicalSyntacticFeaturizer"},
            {"name": "CountVectorsFeaturizer"},
            {
                "name": "CountVectorsFeaturizer",
                "analyzer": "char_wb",
                "min_ngram": 1,
                "max_ngram": 4,
            },
            {"name": "DIETClassifier", **learned},
            {"name": "EntitySynonymMapper"},
            {"name": "ResponseSelector", **learned},
            {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
        ],
        "policies": [
            {"name": "MemoizationPolicy"},
            {"name": "RulePolicy"},
            {"name": "UnexpecTEDIntentPolicy", "max_history": 5, "epochs": epochs},
            {"name": "TEDPolicy", "max_history": 5, **learned},
        ],
    }


def stock_endpoints(database: Path, actions_port: int) -> dict[str, Any]:
    """Actions over HTTP and the tracker in the database that also holds the shop."""
    return {
        "action_endpoint": {"url": f"http://127.0.0.1:{actions_port}/webhook"},
        "tracker_store": {"type": "SQL", "dialect": "sqlite", "db": str(database)},
    }


def write_stock_project(folder: Path, *, database: Path, actions_port: int, epochs: int) -> None:
    """Copies domain, stories, examples and replies; everything else is Rasa's default."""
    shutil.copytree(ROOT / "data", folder / "data", dirs_exist_ok=True)
    shutil.copy(ROOT / "domain.yml", folder)
    _write(folder / "config.yml", stock_config(epochs))
    _write(folder / "endpoints.yml", stock_endpoints(database, actions_port))
    _write(folder / "credentials.yml", {"rest": None})


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
