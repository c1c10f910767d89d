"""What the laws say, as data: one file a jurisdiction and version in `data/`. docs/explain/rule-packs.md tells how to read, add and correct one."""
