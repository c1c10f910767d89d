-- Later answers about messages, given at the claim; arrays of one length.
insert into message_decision (workspace_id, id, message_id, decision_id, consent_entry_id)
select %(workspace_id)s, l.id, l.message_id, l.decision_id, l.consent_entry_id
from unnest(%(ids)b::uuid[], %(message_ids)b::uuid[], %(decision_ids)b::uuid[], %(consent_entry_ids)b::uuid[]) as l (id, message_id, decision_id, consent_entry_id);
