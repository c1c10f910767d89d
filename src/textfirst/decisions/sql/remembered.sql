-- Those of some addresses (by hash) about which something stands that decisions read, also when its person is gone.
select address_hash from consent_standing where workspace_id = %(workspace_id)s and address_hash = any(%(hashes)b::bytea[]);
