-- Many tally rows of a campaign become few. One snapshot: what others append meanwhile is neither deleted nor counted here.
with gone as (
  delete from campaign_tally where workspace_id = %(workspace_id)s and campaign_id = %(campaign_id)s
  returning status, reason, messages, segments
), sums as (
  select status, reason, sum(messages) as messages, sum(segments) as segments, row_number() over () as place
  from gone group by status, reason having sum(messages) <> 0 or sum(segments) <> 0
)
insert into campaign_tally (workspace_id, id, campaign_id, status, reason, messages, segments)
select %(workspace_id)s, coalesce((%(ids)s::uuid[])[place], gen_random_uuid()), %(campaign_id)s, status, reason, messages, segments from sums;
