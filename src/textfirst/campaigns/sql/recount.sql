-- The tally of a campaign counted anew from its messages. One snapshot: a status that changes meanwhile brings its own row, which stays.
with gone as (
  delete from campaign_tally where workspace_id = %(workspace_id)s and campaign_id = %(campaign_id)s
), sums as (
  select m.status, coalesce(m.reason, '') as reason, count(*) as messages, sum(m.segments) as segments, row_number() over () as place
  from recipient r
  join message m on m.workspace_id = r.workspace_id and m.id = r.id
  where r.workspace_id = %(workspace_id)s and r.campaign_id = %(campaign_id)s
  group by 1, 2
)
insert into campaign_tally (workspace_id, id, campaign_id, status, reason, messages, segments)
select %(workspace_id)s, coalesce((%(ids)s::uuid[])[place], gen_random_uuid()), %(campaign_id)s, status, reason, messages, segments from sums;
