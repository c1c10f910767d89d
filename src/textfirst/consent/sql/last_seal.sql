-- The end of the chain: number and seal.
select number, seal from consent_seal where workspace_id = %(workspace_id)s order by number desc limit 1
