"""What the calculating libraries do not know of this machine's processor."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_CPUS = Path("/proc/cpuinfo")  # Linux; elsewhere nothing is told
_WIDE = frozenset({"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"})


def told(cpus: Path = _CPUS) -> Mapping[str, str]:
    """Environment of a training. NumPy's OpenBLAS (0.3.20) knows AVX-512 of Intel's processors only;
    on AMD's it multiplies half as fast as it could."""
    try:
        lines = cpus.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    facts = {name.strip(): value for name, _, value in (line.partition(":") for line in lines)}
    is_amd = "AuthenticAMD" in facts.get("vendor_id", "")
    is_wide = frozenset(facts.get("flags", "").split()) >= _WIDE
    return {"OPENBLAS_CORETYPE": "SkylakeX"} if is_amd and is_wide else {}
