"""One folder per kind of channel: what the form asks (`declaration.py`), pure translation (`codec.py`), the call itself (`adapter.py`)."""
