-- Of these contacts, those who since a moment have neither been written to by a person nor been told by a machine that nobody is there; with their language.
-- Run after the thread of each was opened in this transaction (open.sql): whoever else speaks for them waits for that row, and then sees what we said.
select c.id, c.language
from contact c
where c.workspace_id = %(workspace_id)s and c.id = any(%(contact_ids)b::uuid[]) and not exists (
  select from message m
  where m.workspace_id = %(workspace_id)s and m.contact_id = c.id and m.id >= %(since)s and m.direction = 2
    and (m.author_id is not null or m.flags & 32 <> 0)
);
