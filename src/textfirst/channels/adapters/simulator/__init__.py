"""The carrier simulator that ships with us: the same wire, an address that no setting can change."""
