"""Connected senders: the contract, the registry, one folder per provider."""
