-- Where a stretch of recipients ends: its last id and how many there are.
select (array_agg(id order by id desc))[1], count(*) from (
  select id from recipient
  where workspace_id = %(workspace_id)s and campaign_id = %(campaign_id)s and id > %(after)s
  order by id
  limit %(stretch)s
) looked;
