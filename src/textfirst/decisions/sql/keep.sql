-- Keep answers, each once; arrays of one length. In the order of ids, so that two who keep the same ones wait for each other in one direction only.
insert into decision (workspace_id, id, body)
select %(workspace_id)s, k.id, k.body from unnest(%(ids)b::uuid[], %(bodies)b::text[]) as k (id, body) order by k.id
on conflict do nothing;
