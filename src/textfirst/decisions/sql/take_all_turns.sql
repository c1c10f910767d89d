-- Everybody's turn at once, until the end of the transaction: for a batch of a campaign of whose recipients each may be near a cap (`caps.scarce`), taken
-- before its facts are read. Nobody waits in a circle for it: whoever has it takes no other turn, and whoever takes turns has shared it before.
select pg_advisory_xact_lock(hashtextextended(%(workspace_id)s::text, 730199));
