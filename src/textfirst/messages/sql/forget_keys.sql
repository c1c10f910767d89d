-- Idempotency-Keys older than two days, of every workspace (runs as owner): the promise of D1 is 24 hours, we keep it twice as long.
delete from idempotency_key where created_at < now() - interval '48 hours';
