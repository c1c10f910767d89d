import { ActionIcon, Badge, Button, Group, NativeSelect, NumberInput, Stack, Text, VisuallyHidden } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconTrash } from "@tabler/icons-react";
import { useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { Problem, Section } from "@/components/ui";
import { formatNumber } from "@/lib/i18n";
import { useAtLeast } from "@/lib/session";
import { GO_ON, STEP_KINDS, PURPOSES, type GoOn, type Kind, type Plan, type Policy, type Purpose, type Step } from "../api/policy";
import { useChange } from "../hooks/usePolicy";
import { added, changed, MOST_STEPS, moved, removed } from "../rules/ladder";
import classes from "./Policy.module.css";

/** By what people are reached for each purpose, step after step. */
export function PlansSection({ policy }: { policy: Policy }) {
  const { t } = useTranslation("decisions");
  const mayChange = useAtLeast("admin");
  const { change, error } = useChange(policy);
  const [edited, setEdited] = useState<Purpose | null>(null);
  const save = (purpose: Purpose, plan: Plan) => change("plans", { ...policy.plans, [purpose]: plan }).then(() => setEdited(null), () => undefined);
  return (
    <Section title={t("plans.title")} description={t("plans.description")}>
      <ul className={classes.lines}>
        {PURPOSES.map((purpose) => (
          <li key={purpose}>
            {edited === purpose ? (
              <Ladder name={t(`purposes.${purpose}`)} plan={policy.plans[purpose]} usual={policy.defaults.plans[purpose]} onSave={(plan) => void save(purpose, plan)} onCancel={() => setEdited(null)} />
            ) : (
              <Group justify="space-between" wrap="nowrap" align="flex-start">
                <div>
                  <Text fw={600} size="sm">
                    {t(`purposes.${purpose}`)}
                  </Text>
                  <Shown plan={policy.plans[purpose]} />
                </div>
                {mayChange && (
                  <Button variant="default" size="xs" flex="none" aria-label={t("plans.change", { what: t(`purposes.${purpose}`) })} onClick={() => setEdited(purpose)}>
                    {t("common:actions.edit")}
                  </Button>
                )}
              </Group>
            )}
          </li>
        ))}
      </ul>
      <Text size="sm" c="dimmed" mt="sm">
        {t("plans.notConnected")}
      </Text>
      <Problem error={error} />
    </Section>
  );
}

function Shown({ plan }: { plan: Plan }) {
  const { t } = useTranslation("decisions");
  return (
    <>
      <ol className={classes.ladder}>
        {plan.steps.map((step, index) => (
          <li key={index}>
            <Badge variant="light" size="md">
              {t(`kinds.${step.kind}`)}
            </Badge>
            {step.go_on && (
              <Text size="sm" c="dimmed" component="span">
                <GoesOn step={step} />
              </Text>
            )}
          </li>
        ))}
      </ol>
      {(plan.by_age || plan.urgent) && (
        <Text size="xs" c="dimmed">
          {plan.urgent ? t("plans.urgent") : t("plans.byAge")}
        </Text>
      )}
    </>
  );
}

function GoesOn({ step }: { step: Step }) {
  const { t } = useTranslation("decisions");
  if (step.go_on === "always" && step.wait_minutes === 0) return t("plans.beside");
  const hours = step.wait_minutes / 60;
  const after = Number.isInteger(hours) && hours > 0 ? t("plans.hours", { count: hours, number: formatNumber(hours) }) : t("plans.minutes", { count: step.wait_minutes, number: formatNumber(step.wait_minutes) });
  return t(`plans.then.${step.go_on ?? "always"}`, { after });
}

interface LadderProps {
  name: string;
  plan: Plan;
  usual: Plan;
  onSave: (plan: Plan) => void;
  onCancel: () => void;
}

/** The steps to be changed: by their buttons, or with Alt and the arrow keys anywhere in a step. */
function Ladder({ name, plan, usual, onSave, onCancel }: LadderProps) {
  const { t } = useTranslation("decisions");
  const [steps, setSteps] = useState<Step[]>(plan.steps);
  const [said, setSaid] = useState("");
  const list = useRef<HTMLOListElement>(null);
  const move = (index: number, by: -1 | 1) => {
    const step = steps[index];
    if (!step || index + by < 0 || index + by >= steps.length) return;
    setSteps(moved(steps, index, by));
    setSaid(t("plans.moved", { what: t(`kinds.${step.kind}`), number: formatNumber(index + by + 1) }));
    requestAnimationFrame(() => list.current?.children[index + by]?.querySelector<HTMLElement>("select")?.focus());
  };
  const onKeyDown = (index: number) => (event: KeyboardEvent) => {
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (!event.altKey || by === 0) return;
    event.preventDefault();
    move(index, by);
  };
  return (
    <Stack gap="xs" role="group" aria-label={name} className={classes.editing}>
      <Text fw={600} size="sm">
        {name}
      </Text>
      <ol className={classes.steps} ref={list}>
        {steps.map((step, index) => (
          // The keys serve whichever control of the step has the focus.
          // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
          <li key={index} onKeyDown={onKeyDown(index)}>
            <StepFields step={step} number={index + 1} last={index === steps.length - 1} onChange={(part) => setSteps(changed(steps, index, part))} />
            <Group gap={2} wrap="nowrap" className={classes.stepActs}>
              <ActionIcon variant="subtle" color="gray" size="lg" disabled={index === 0} aria-label={t("plans.up", { number: formatNumber(index + 1) })} onClick={() => move(index, -1)}>
                <IconArrowUp size={17} aria-hidden />
              </ActionIcon>
              <ActionIcon variant="subtle" color="gray" size="lg" disabled={index === steps.length - 1} aria-label={t("plans.down", { number: formatNumber(index + 1) })} onClick={() => move(index, 1)}>
                <IconArrowDown size={17} aria-hidden />
              </ActionIcon>
              <ActionIcon variant="subtle" color="gray" size="lg" disabled={steps.length === 1} aria-label={t("plans.remove", { number: formatNumber(index + 1) })} onClick={() => setSteps(removed(steps, index))}>
                <IconTrash size={17} aria-hidden />
              </ActionIcon>
            </Group>
          </li>
        ))}
      </ol>
      <VisuallyHidden role="status">{said}</VisuallyHidden>
      <Group gap="xs">
        {STEP_KINDS.map((kind) => (
          <Button key={kind} variant="default" size="xs" disabled={steps.length >= MOST_STEPS} onClick={() => setSteps(added(steps, kind))}>
            {t(`plans.add.${kind}`)}
          </Button>
        ))}
        <Button variant="subtle" size="xs" color="gray" onClick={() => setSteps(usual.steps)}>
          {t("usual")}
        </Button>
      </Group>
      <Text size="xs" c="dimmed">
        {t("plans.keys")}
      </Text>
      <Group gap="xs" justify="flex-end">
        <Button variant="default" size="xs" onClick={onCancel}>
          {t("common:actions.cancel")}
        </Button>
        <Button size="xs" onClick={() => onSave({ ...plan, steps })}>
          {t("common:actions.save")}
        </Button>
      </Group>
    </Stack>
  );
}

function StepFields({ step, number, last, onChange }: { step: Step; number: number; last: boolean; onChange: (part: Partial<Step>) => void }) {
  const { t } = useTranslation("decisions");
  return (
    <Group gap="xs" align="flex-end">
      <NativeSelect label={t("plans.step", { number: formatNumber(number) })} autoFocus={number === 1} value={step.kind} onChange={(event) => onChange({ kind: event.currentTarget.value as Kind })} data={STEP_KINDS.map((value) => ({ value, label: t(`kinds.${value}`) }))} />
      {!last && (
        <>
          <NumberInput label={t("plans.wait")} min={0} max={7 * 24 * 60} step={5} allowDecimal={false} suffix={t("own.minutes")} w={130} value={step.wait_minutes} onChange={(value) => typeof value === "number" && onChange({ wait_minutes: value })} />
          <NativeSelect label={t("plans.goOn")} value={step.go_on ?? "not_delivered"} onChange={(event) => onChange({ go_on: event.currentTarget.value as GoOn })} data={GO_ON.map((value) => ({ value, label: t(`plans.conditions.${value}`) }))} />
        </>
      )}
    </Group>
  );
}
