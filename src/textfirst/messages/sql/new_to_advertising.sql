-- Whether any of these contacts has neither had advertising from us nor confirmed a wish for it: that confirmation says what a first message has to (P1).
select exists (
  select from unnest(%(contact_ids)s::uuid[]) as w (id)
  where not exists (
      select from message m
      where m.workspace_id = %(workspace_id)s and m.contact_id = w.id and m.direction = 2 and m.purpose in (1, 2) and m.status not in (70, 71)
    )
    and not exists (
      select from contact_identity i
      join consent_standing s on s.workspace_id = i.workspace_id and s.address_hash = i.address_hash and s.promotion_kind = 8
      where i.workspace_id = %(workspace_id)s and i.contact_id = w.id
    )
);
