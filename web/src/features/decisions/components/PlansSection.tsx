import { ActionIcon, Badge, Button, Group, NativeSelect, NumberInput, Stack, Text, VisuallyHidden } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconTrash } from "@tabler/icons-react";
import { useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { Problem, SaveBar, Section } from "@/components/ui";
import { formatNumber } from "@/lib/i18n";
import { GO_ON, STEP_KINDS, PURPOSES, type GoOn, type Kind, type Plan, type Policy, type Purpose, type Step } from "../api/policy";
import { useChange } from "../hooks/usePolicy";
import { added, changed, MOST_STEPS, moved, removed } from "../rules/ladder";
import { EditableLines } from "./EditableLines";
import classes from "./Policy.module.css";

/** By what people are reached for each purpose, step after step. */
export function PlansSection({ policy }: { policy: Policy }) {
  const { t } = useTranslation("decisions");
  const { change, error, busy } = useChange(policy);
  const save = (purpose: Purpose, plan: Plan, close: () => void) => void change("plans", { ...policy.plans, [purpose]: plan }).then(close, () => undefined);
  return (
    <Section title={t("plans.title")} description={t("plans.description")}>
      <EditableLines
        ids={PURPOSES}
        nameOf={(purpose) => t(`purposes.${purpose}`)}
        changeLabel={(what) => t("plans.change", { what })}
        shown={(purpose) => <Shown plan={policy.plans[purpose]} />}
        editor={(purpose, close) => <Ladder plan={policy.plans[purpose]} usual={policy.defaults.plans[purpose]} busy={busy} onSave={(plan) => save(purpose, plan, close)} onCancel={close} />}
      />
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
  plan: Plan;
  usual: Plan;
  busy: boolean;
  onSave: (plan: Plan) => void;
  onCancel: () => void;
}

/** The steps to be changed: by their buttons, or with Alt and the arrow keys anywhere in a step. */
function Ladder({ plan, usual, busy, onSave, onCancel }: LadderProps) {
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
    <Stack gap="xs">
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
      <Text size="xs" c="dimmed" className={classes.keys}>
        {t("plans.keys")}
      </Text>
      <SaveBar compact busy={busy} onCancel={onCancel} onSave={() => onSave({ ...plan, steps })} />
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
