"""nginx with the blocks that docs/operating.md prints, on free ports, in front of a test's server."""

from __future__ import annotations

import asyncio
import os
import shutil
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bench.servers import free_port
from tests.support.operating import blocks
from tests.support.waiting import in_time

_OWN_HOST, _UNDER_A_PATH = range(2)
_FRAME = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {content}
}}
"""


@dataclass(frozen=True)
class Address:
    """Where a browser finds the house."""

    url: str  # without a slash at the end
    plain_port: int  # of the block that leads to https; 0 without one
    trust: ssl.SSLContext | None  # knows the test's certificate


def own_host(folder: Path, upstream: int) -> tuple[str, Address]:
    """The TLS block of the page, and where it then is."""
    certificate, key = certificate_in(folder)
    port, plain_port = free_port(), free_port()
    content = _filled(
        blocks("nginx")[_OWN_HOST],
        {
            "listen 80;": f"listen 127.0.0.1:{plain_port};",
            "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
            "/etc/ssl/kefu.example.com.pem": str(certificate),
            "/etc/ssl/kefu.example.com.key": str(key),
            "127.0.0.1:8080": f"127.0.0.1:{upstream}",
        },
    )
    trust = ssl.create_default_context(cafile=str(certificate))
    return content, Address(f"https://127.0.0.1:{port}", plain_port, trust)


def under_a_path(upstream: int) -> tuple[str, Address]:
    """The block for a path, in a server without anything else."""
    port = free_port()
    location = _filled(blocks("nginx")[_UNDER_A_PATH], {"127.0.0.1:8080": f"127.0.0.1:{upstream}"})
    shared = blocks("nginx")[_OWN_HOST].partition("server {")[0]
    content = f"{shared}\nserver {{ listen 127.0.0.1:{port}; {location} }}"
    return content, Address(f"http://127.0.0.1:{port}/kefu", 0, None)


def under_a_path_with_tls(folder: Path, upstream: int) -> tuple[str, Address]:
    """The block for a path in a server that speaks TLS, as most shops have it."""
    certificate, key = certificate_in(folder)
    port = free_port()
    location = _filled(blocks("nginx")[_UNDER_A_PATH], {"127.0.0.1:8080": f"127.0.0.1:{upstream}"})
    shared = blocks("nginx")[_OWN_HOST].partition("server {")[0]
    server = (
        f"listen 127.0.0.1:{port} ssl; "
        f"ssl_certificate {certificate}; ssl_certificate_key {key}; {location}"
    )
    trust = ssl.create_default_context(cafile=str(certificate))
    address = Address(f"https://127.0.0.1:{port}/kefu", 0, trust)
    return f"{shared}\nserver {{ {server} }}", address


@asynccontextmanager
async def running(folder: Path, content: str, address: Address) -> AsyncIterator[Address]:
    nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if nginx is None:
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail("nginx is demanded here and not installed")
        pytest.skip("nginx is not installed")
    configuration = folder / "nginx.conf"
    configuration.write_text(_FRAME.format(folder=folder, content=content), encoding="utf-8")
    arguments = (
        nginx,
        "-p",
        str(folder),
        "-c",
        str(configuration),
        "-e",
        str(folder / "start.log"),
    )
    process = await asyncio.create_subprocess_exec(
        *arguments, stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        await _until_open(process, int(address.url.split(":")[2].partition("/")[0]))
        yield address
    finally:
        if process.returncode is None:
            process.terminate()
        await in_time(process.wait(), "nginx to end")


async def _until_open(process: asyncio.subprocess.Process, port: int) -> None:
    for _ in range(2400):
        if process.returncode is not None:
            assert process.stderr is not None
            pytest.fail(f"nginx: {(await process.stderr.read()).decode()}")
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
            continue
        writer.close()
        return
    pytest.fail("nginx did not open its port")


def _filled(block: str, values: dict[str, str]) -> str:
    for old, new in values.items():
        assert old in block, f"docs/operating.md prints no {old!r} any more"
        block = block.replace(old, new)
    return block


def certificate_in(folder: Path) -> tuple[Path, Path]:
    """A certificate of its own for 127.0.0.1, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(timezone.utc)
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / "house.pem", folder / "house.key"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return pem, secret
