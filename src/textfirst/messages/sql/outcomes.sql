-- What became of attempts that the provider did not take; each is said once.
-- Returns those that were still open: an attempt that somebody else has settled meanwhile is theirs.
update attempt set outcome = %(outcome)s
where workspace_id = %(workspace_id)s and id = any(%(ids)s::uuid[]) and outcome = 0
returning id;
