"""What the calculating libraries do not know of this machine's processor."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_CPUS = Path("/proc/cpuinfo")  # Linux; elsewhere nothing is told
_WIDE = frozenset({"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"})
_HALF_AS_WIDE = frozenset({"avx2", "fma"})


def told(cpus: Path = _CPUS) -> Mapping[str, str]:
    """Environment of a training: which of its ways to multiply NumPy's OpenBLAS (0.3.20) shall take.

    It knows processors by name. AVX-512 of AMD's it does not look for (half as fast as could be),
    and on one of Intel's that is newer than itself it multiplies as on one of 2004, a fifth as fast.
    """
    try:
        lines = cpus.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    facts = {name.strip(): value for name, _, value in (line.partition(":") for line in lines)}
    flags = frozenset(facts.get("flags", "").split())
    if flags >= _WIDE:
        return {"OPENBLAS_CORETYPE": "SkylakeX"}
    return {"OPENBLAS_CORETYPE": "Haswell"} if flags >= _HALF_AS_WIDE else {}
