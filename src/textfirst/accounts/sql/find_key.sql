-- Whose key is this? One row, or none when it is unknown or revoked. Run as the owner: no workspace is known yet.
select k.id as key_id, k.workspace_id, k.kind = 'live' as live, k.scopes, w.country, w.version as workspace_version
from api_key k
join workspace w on w.id = k.workspace_id
where k.secret_hash = %(secret_hash)s and k.revoked_at is null
