"""Certificates of a test, made when it runs: nothing secret is kept.

    tls = make_certificates(folder / "tls")    # ca.pem, server.pem, server.key, client.pem, ...
"""
import subprocess

from program import own_loopback

DAYS = "2"


def openssl(folder, *words):
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def make_certificates(folder):
    """An authority, a server of this machine, a client called crm.example.org, and one that is
    called by an address, though its common name says operator; the folder."""
    folder.mkdir(parents=True)
    openssl(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out",
            "ca.pem", "-days", DAYS, "-subj", "/CN=test authority")
    for name, alternative in [("server", f"IP:{own_loopback()},IP:127.0.0.1"),
                              ("client", "DNS:crm.example.org"), ("operator", "IP:10.0.0.9")]:
        (folder / "san").write_text(f"subjectAltName={alternative}\n", encoding="utf-8")
        openssl(folder, "req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out",
                f"{name}.csr", "-subj", f"/CN={name}")
        openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                "-CAcreateserial", "-days", DAYS, "-extfile", "san", "-out", f"{name}.pem")
        (folder / f"{name}.key").chmod(0o600)
    return folder
