-- Keep what providers sent, of any workspaces (runs as owner; every row names its own), and let it wait to be read. Arrays of one length.
with kept as (
  insert into hook (workspace_id, id, channel_id, headers, query, body)
  select h.workspace_id, h.id, h.channel_id, h.headers::jsonb, h.query, h.body
  from unnest(%(workspace_ids)b::uuid[], %(ids)b::uuid[], %(channel_ids)b::uuid[], %(headers)b::text[], %(queries)b::text[], %(bodies)b::bytea[])
    as h (workspace_id, id, channel_id, headers, query, body)
  returning workspace_id, id, channel_id
)
insert into hook_waiting (workspace_id, id, channel_id)
select workspace_id, id, channel_id from kept;
