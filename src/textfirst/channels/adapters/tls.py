"""What is wrong with a certificate, as far as OpenSSL tells."""

from __future__ import annotations

import ssl
from typing import Final

_MISFITS: Final = {  # OpenSSL's X509_V_ERR_…, include/openssl/x509_vfy.h
    9: "tls_expired",  # not yet valid
    10: "tls_expired",
    62: "tls_wrong_name",  # host name
    64: "tls_wrong_name",  # IP address
}


def misfit(error: ssl.SSLCertVerificationError, *, otherwise: str) -> str:
    """The code of `rules.health` for it; `otherwise` when nobody we trust has signed it."""
    return _MISFITS.get(error.verify_code, otherwise)
