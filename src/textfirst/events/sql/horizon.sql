-- Where a reader who has just fetched everything begins: the newest transaction that every reader already sees.
select pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1;
