-- Write recipients down, each identity once in a campaign however often this runs. Returns how many are new.
with written as (
  insert into recipient (workspace_id, id, campaign_id, contact_id, identity_id)
  select %(workspace_id)s, r.id, %(campaign_id)s, r.contact_id, r.identity_id
  from unnest(%(ids)s::uuid[], %(contact_ids)s::uuid[], %(identity_ids)s::uuid[]) as r (id, contact_id, identity_id)
  on conflict (workspace_id, campaign_id, identity_id) do nothing
  returning id
)
select count(*) from written;
