"""nginx and Caddy with the configuration that is shipped; only addresses, ports, files and times are replaced."""

import os
import shutil
import signal
import ssl
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from server_process import free_port

from ingest.settings import PROJECT

DEPLOY = PROJECT / "deploy"
NAME = "chat.example"
PROXIES = ("nginx", "caddy")
_PACKAGES = {
    "nginx": "nginx-light",
    "caddy": "caddy",
    "openssl": "openssl",
    "systemd-analyze": "systemd",
    "redis-server": "redis-server",
}
_APP = "127.0.0.1:7860"
_SERVER = f"    server {_APP} fail_timeout=2s;\n"
_START_SECONDS = 20

# What stands around a site in Debian's nginx.conf, habits included that the site must be proof against.
_NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx-error.log;
events {{ }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    access_log {folder}/nginx-access.log; gzip on; gzip_proxied any;
    include {folder}/rugpijn.conf;
}}
"""


@dataclass(frozen=True)
class Proxy:
    """A proxy before an app. ``folder`` is where it writes whatever it writes."""

    name: str
    https_port: int
    http_port: int
    folder: Path
    certificate: Path

    @property
    def written(self) -> str:
        """All that it ever wrote about requests."""
        return "\n".join(path.read_text("utf-8", errors="replace") for path in self.folder.glob("*.log"))

    def address(self, visitor: int) -> str:
        """Of one of many visitors, none of whom comes to two proxies."""
        return f"127.0.{PROXIES.index(self.name) + 1}.{visitor}"

    def client(self, visitor: int = 1) -> httpx.Client:
        return httpx.Client(
            transport=httpx.HTTPTransport(verify=self.tls(), local_address=self.address(visitor)),
            base_url=f"https://127.0.0.1:{self.https_port}",
            headers={"Host": NAME},
            event_hooks={"request": [_name_in_tls]},
            timeout=30,
        )

    def tls(self) -> ssl.SSLContext:
        """Trusts the certificate of this proxy alone."""
        return ssl.create_default_context(cafile=self.certificate)


def _name_in_tls(request: httpx.Request) -> None:
    request.extensions["sni_hostname"] = NAME


def program(name: str) -> str:
    """Its path; without it the test is skipped, but fails in CI, which must see every test run."""
    path = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if path is None:
        missing = f"{name} is not here; on Debian: apt-get install {_PACKAGES[name]}"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    return path


@contextmanager
def running_proxy(name: str, folder: Path, *app_ports: int) -> Iterator[Proxy]:
    """Before an app of one or of several processes."""
    folder.mkdir(exist_ok=True)
    key, certificate = _certificate(folder)
    proxy = Proxy(name, free_port(), free_port(), folder, certificate)
    command = (_nginx if name == "nginx" else _caddy)(program(name), proxy, key, app_ports)
    environment = os.environ | {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "output.log").open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        _wait_for(proxy, process)
        yield proxy
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def shipped(file: str, replacements: dict[str, str]) -> str:
    """The shipped file with every replacement made; each must have something to replace."""
    text = (DEPLOY / file).read_text("utf-8")
    for old, new in replacements.items():
        assert old in text, f"{file} has no {old!r}"
        text = text.replace(old, new)
    return text


def _nginx(path: str, proxy: Proxy, key: Path, app_ports: Sequence[int]) -> list[str]:
    replacements = {
        _SERVER: "".join(_SERVER.replace(_APP, f"127.0.0.1:{port}") for port in app_ports),
        "listen 80": f"listen 127.0.0.1:{proxy.http_port}",
        "listen [::]:80": f"listen 127.0.0.9:{proxy.http_port}",
        "listen 443": f"listen 127.0.0.1:{proxy.https_port}",
        "listen [::]:443": f"listen 127.0.0.9:{proxy.https_port}",
        "/etc/letsencrypt/live/chat.example/fullchain.pem": str(proxy.certificate),
        "/etc/letsencrypt/live/chat.example/privkey.pem": str(key),
        "/var/log/nginx/": f"{proxy.folder}/",
        "client_header_timeout 10s": "client_header_timeout 3s",
    }
    (proxy.folder / "rugpijn.conf").write_text(shipped("nginx.conf", replacements), "utf-8")
    main = proxy.folder / "nginx.conf"
    main.write_text(_NGINX.format(folder=proxy.folder), "utf-8")
    return [path, "-p", str(proxy.folder), "-c", str(main)]


def _caddy(path: str, proxy: Proxy, key: Path, app_ports: Sequence[int]) -> list[str]:
    replacements = {
        _APP: " ".join(f"127.0.0.1:{port}" for port in app_ports),
        "admin localhost:2019": "admin off\n\tdefault_bind 127.0.0.1\n\tlocal_certs\n\tskip_install_trust",
        "http_port 80": f"http_port {proxy.http_port}",
        "https_port 443": f"https_port {proxy.https_port}",
        "# For a certificate of your own: tls /etc/ssl/chat.example.pem /etc/ssl/chat.example.key": (
            f"tls {proxy.certificate} {key}"
        ),
        "read_header 10s": "read_header 3s",
        "read_body 12s": "read_body 2s",
        "lb_try_duration 20s": "lb_try_duration 3s",
    }
    file = proxy.folder / "Caddyfile"
    file.write_text(shipped("Caddyfile", replacements), "utf-8")
    return [path, "run", "--config", str(file), "--adapter", "caddyfile"]


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A key, and a certificate that it signed itself."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = [
        program("openssl"),
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        f"/CN={NAME}",
    ]
    command += ["-addext", f"subjectAltName=DNS:{NAME}", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    return key, certificate


def _wait_for(proxy: Proxy, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(f"http://127.0.0.1:{proxy.http_port}/", headers={"Host": NAME})
            return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"the proxy did not start:\n{proxy.written}")
