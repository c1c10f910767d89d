-- It could not be taken in this time either, and waits until somebody asks again.
update intake_rejected set asked_at = null, problem = %(problem)s
where workspace_id = %(workspace_id)s and id = %(id)s and replayed_at is null;
