import { ActionIcon, Autocomplete, Button, Group, NativeSelect, SegmentedControl, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { countryChoices, languageChoices } from "../../hooks/places";
import { useAttributeKeys, useLabels, useLists } from "../../hooks/useChoices";
import { changed, DEEPEST, isAttribute, kindOf, needsValue, newCondition, newGroup, opsOf, withField, type ConditionNode, type GroupNode, type Node } from "../../rules/segment";
import type { Op } from "../../api/types";
import classes from "./RuleBuilder.module.css";

interface Props {
  group: GroupNode;
  onChange: (group: GroupNode) => void;
}

/** Conditions joined by and/or, in groups within groups. */
export function RuleBuilder({ group, onChange }: Props) {
  const change = (id: string, how: (node: Node) => Node | null) => {
    if (id === group.id) onChange(how(group) as GroupNode);
    else onChange(changed(group, id, how));
  };
  return <GroupView group={group} depth={1} change={change} />;
}

type Change = (id: string, how: (node: Node) => Node | null) => void;

function GroupView({ group, depth, change }: { group: GroupNode; depth: number; change: Change }) {
  const { t } = useTranslation("contacts");
  const add = (node: Node) => change(group.id, (known) => ({ ...(known as GroupNode), nodes: [...(known as GroupNode).nodes, node] }));
  return (
    <fieldset className={depth === 1 ? classes.top : classes.group}>
      <legend className={classes.legend}>{t("rule.group", { number: depth })}</legend>
      <Stack gap="sm">
        <Group gap="xs" justify="space-between">
          <Group gap="xs">
            <SegmentedControl
              size="xs"
              value={group.join}
              aria-label={t("rule.join")}
              onChange={(join) => change(group.id, (known) => ({ ...(known as GroupNode), join: join as GroupNode["join"] }))}
              data={[
                { value: "all", label: t("rule.all") },
                { value: "any", label: t("rule.any") },
              ]}
            />
            <Text size="sm" c="dimmed">
              {group.join === "all" ? t("rule.allHint") : t("rule.anyHint")}
            </Text>
          </Group>
          {depth > 1 && <Remove label={t("rule.removeGroup")} onClick={() => change(group.id, () => null)} />}
        </Group>
        {group.nodes.map((node) =>
          node.kind === "group" ? <GroupView key={node.id} group={node} depth={depth + 1} change={change} /> : <ConditionView key={node.id} node={node} change={change} removable={group.nodes.length > 1 || depth > 1} />,
        )}
        <Group gap="xs">
          <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => add(newCondition())}>
            {t("rule.addCondition")}
          </Button>
          {depth < DEEPEST && (
            <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => add(newGroup(group.join === "all" ? "any" : "all"))}>
              {t("rule.addGroup")}
            </Button>
          )}
        </Group>
      </Stack>
    </fieldset>
  );
}

function ConditionView({ node, change, removable }: { node: ConditionNode; change: Change; removable: boolean }) {
  const { t } = useTranslation("contacts");
  const update = (next: ConditionNode) => change(node.id, () => next);
  return (
    <div className={classes.condition}>
      <FieldChoice node={node} update={update} />
      <NativeSelect aria-label={t("rule.op")} value={node.op} onChange={(event) => update({ ...node, op: event.currentTarget.value as Op })} data={opsOf(node.field).map((op) => ({ value: op, label: t(`ops.${op}`) }))} />
      {needsValue(node.op) && <Value node={node} update={update} />}
      {removable && <Remove label={t("rule.removeCondition")} onClick={() => change(node.id, () => null)} />}
    </div>
  );
}

interface Part {
  node: ConditionNode;
  update: (node: ConditionNode) => void;
}

const FIELDS = ["label", "list", "first_name", "last_name", "language", "country", "birthday", "created_at"] as const;

function FieldChoice({ node, update }: Part) {
  const { t } = useTranslation("contacts");
  const keys = useAttributeKeys();
  const attribute = isAttribute(node.field);
  return (
    <>
      <NativeSelect
        aria-label={t("rule.field")}
        value={attribute ? "attribute." : node.field}
        onChange={(event) => update(withField(node, event.currentTarget.value))}
        data={[...FIELDS.map((field) => ({ value: field as string, label: t(`rule.fields.${field}`) })), { value: "attribute.", label: t("rule.fields.attribute") }]}
      />
      {attribute && (
        <Autocomplete
          aria-label={t("rule.attribute")}
          placeholder={t("rule.attribute")}
          data={keys}
          value={node.field.slice("attribute.".length)}
          onChange={(key) => update({ ...node, field: `attribute.${key}` })}
        />
      )}
    </>
  );
}

function Value({ node, update }: Part) {
  const { t, i18n } = useTranslation("contacts");
  const labels = useLabels();
  const lists = useLists();
  const kind = kindOf(node.field);
  const common = { "aria-label": t("rule.value"), className: classes.value };
  const set = (value: string | null) => update({ ...node, value: value ?? "" });
  if (kind === "label" || kind === "list") {
    const items = kind === "label" ? labels : lists;
    return <Select {...common} searchable placeholder={t("rule.choose")} value={node.value || null} onChange={set} data={items.map(({ id, name }) => ({ value: id, label: name }))} />;
  }
  if (kind === "choice") {
    const data = node.field === "language" ? languageChoices(i18n.language, node.value) : countryChoices(i18n.language, node.value);
    return <Select {...common} searchable placeholder={t("rule.choose")} value={node.value || null} onChange={set} data={data} />;
  }
  return <TextInput {...common} type={kind === "date" ? "date" : "text"} dir={kind === "date" ? "ltr" : "auto"} value={node.value} onChange={(event) => set(event.currentTarget.value)} />;
}

function Remove({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <ActionIcon variant="subtle" color="gray" size={34} aria-label={label} title={label} onClick={onClick}>
      <IconX size={17} aria-hidden />
    </ActionIcon>
  );
}
