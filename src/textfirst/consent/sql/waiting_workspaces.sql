-- Workspaces with entries that wait for their seal, found by leaps through the index. For the owner: it looks across workspaces.
with recursive leap as (
  (select workspace_id from consent_unsealed order by workspace_id limit 1)
  union all
  select (select u.workspace_id from consent_unsealed u where u.workspace_id > leap.workspace_id order by u.workspace_id limit 1)
  from leap where leap.workspace_id is not null
)
select workspace_id from leap where workspace_id is not null
