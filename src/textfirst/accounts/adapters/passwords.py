"""Password hashing: argon2id at OWASP's second setting, lighter on a small machine than Django's default of 100 MB and 8 threads."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Hasher(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = 19456  # KiB; OWASP Password Storage Cheat Sheet: 19 MiB, 2 iterations, 1 lane
    parallelism = 1
