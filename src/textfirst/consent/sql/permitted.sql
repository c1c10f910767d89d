-- Those of these addresses about which something is known already: nobody needs to write down that nothing was proved.
select address_hash from consent_standing
where workspace_id = %(workspace_id)s and address_hash = any(%(address_hashes)b::bytea[])
  and (promotion_kind is not null or coalesce(withdrawn_at, promotion_withdrawn_at, greeting_withdrawn_at) is not null)
