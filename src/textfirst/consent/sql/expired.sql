-- Addresses whose standing permission has run out; some thousands at a time.
select address_hash from consent_standing
where workspace_id = %(workspace_id)s and (promotion_until <= %(now)s::timestamptz or greeting_until <= %(now)s::timestamptz)
order by address_hash
limit 5000
