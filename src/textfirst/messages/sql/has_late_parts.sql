-- Whether long texts of a channel wait whose last part came before `before`, though some never came.
select exists (
  select from inbound_part
  where workspace_id = %(workspace_id)s and channel_id = %(channel_id)s
  group by source, destination, reference, reference_bits, total
  having max(received_at) < %(before)s
)
