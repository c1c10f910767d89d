-- Rows of a batch that could not be imported.
insert into contact_import_error (workspace_id, id, contact_import_id, "row", "column", code, facts, cells)
select %(workspace_id)s, e.id, %(import_id)s, e.number, e.column_name, e.code, e.facts::jsonb, e.cells::jsonb
from unnest(%(ids)b::uuid[], %(numbers)b::int[], %(columns)b::text[], %(codes)b::text[], %(facts)b::text[], %(cells)b::text[])
    as e (id, number, column_name, code, facts, cells)
on conflict (workspace_id, contact_import_id, "row") do nothing
