import { Drawer, Group, NumberInput, SegmentedControl, Slider, Stack, Switch, Text, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { explain, Loading, Problem } from "@/components/ui";
import { formatPercent } from "@/lib/i18n";
import { useAtLeast } from "@/lib/session";
import { fetchKnobs, turnKnobs } from "../api/phones";
import type { Knobs, PercentKnob } from "../api/types";
import { knobsKey } from "../hooks/keys";
import classes from "./Wall.module.css";

interface Props {
  channel: string;
  opened: boolean;
  onClose: () => void;
}

/** How the make-believe carrier behaves, turned while it runs. */
export function KnobsDrawer({ channel, opened, onClose }: Props) {
  const { t } = useTranslation("phones");
  return (
    <Drawer opened={opened} onClose={onClose} position="right" title={t("knobs.title")} closeButtonProps={{ "aria-label": t("common:actions.close") }}>
      {opened && <Board channel={channel} />}
    </Drawer>
  );
}

function Board({ channel }: { channel: string }) {
  const { t } = useTranslation("phones");
  const queries = useQueryClient();
  const mayTurn = useAtLeast("agent");
  const [error, setError] = useState<unknown>(null);
  const { data: knobs, error: loading, refetch } = useQuery({ queryKey: knobsKey(channel), queryFn: ({ signal }) => fetchKnobs(channel, signal) });
  if (loading) return <Problem error={loading} retry={() => void refetch()} />;
  if (!knobs) return <Loading shape="form" rows={4} />;
  const turn = (change: Partial<Knobs>) => {
    setError(null);
    queries.setQueryData<Knobs>(knobsKey(channel), { ...knobs, ...change });
    turnKnobs(channel, change).then(
      (answer) => queries.setQueryData(knobsKey(channel), answer),
      (refused: unknown) => {
        setError(refused);
        void refetch();
      },
    );
  };
  const percents = (names: readonly PercentKnob[]) => names.map((name) => <Percent key={name} name={name} value={knobs[name]} disabled={!mayTurn} onTurn={(value) => turn({ [name]: value })} />);
  return (
    <Stack gap={0}>
      <Text size="sm" c="dimmed">
        {t("knobs.description")}
      </Text>
      {error !== null && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {explain(error, t as never)}
        </Text>
      )}
      <div className={classes.knob}>
        <Switch disabled={!mayTurn} label={t("knobs.personas")} description={t("knobs.personasWhat")} checked={knobs.personas} onChange={(event) => turn({ personas: event.currentTarget.checked })} />
        {knobs.personas && (
          <SegmentedControl
            mt="sm"
            size="xs"
            disabled={!mayTurn}
            aria-label={t("knobs.speed")}
            value={String(knobs.speed)}
            onChange={(speed) => turn({ speed: Number(speed) })}
            data={["1", "5", "20"].map((value) => ({ value, label: t(`knobs.speeds.${value}`) }))}
          />
        )}
      </div>
      <Delay key={`${knobs.receipt_delay_min_ms}-${knobs.receipt_delay_max_ms}`} knobs={knobs} disabled={!mayTurn} onTurn={turn} />
      {percents(["fail_percent", "lose_percent", "throttle_percent"])}
      <Title order={3} size="h5" mt="lg">
        {t("knobs.nasty")}
      </Title>
      {percents(["unanswered_percent", "duplicate_percent", "early_percent"])}
      <div className={classes.knob}>
        <Switch disabled={!mayTurn} label={t("knobs.refuse_bind")} description={t("knobs.refuse_bindWhat")} checked={knobs.refuse_bind} onChange={(event) => turn({ refuse_bind: event.currentTarget.checked })} />
      </div>
    </Stack>
  );
}

interface PercentProps {
  name: PercentKnob;
  value: number;
  disabled: boolean;
  onTurn: (value: number) => void;
}

function Percent({ name, value, disabled, onTurn }: PercentProps) {
  const { t } = useTranslation("phones");
  const [shown, setShown] = useState(value);
  useEffect(() => setShown(value), [value]);
  return (
    <div className={classes.knob}>
      <Group justify="space-between">
        <Text size="sm" fw={550}>
          {t(`knobs.${name}`)}
        </Text>
        <Text size="sm" fw={600}>
          {formatPercent(shown / 100)}
        </Text>
      </Group>
      <Text size="xs" c="dimmed" mb={8}>
        {t(`knobs.${name}What`)}
      </Text>
      <Slider value={shown} onChange={setShown} onChangeEnd={onTurn} disabled={disabled} label={null} thumbLabel={t(`knobs.${name}`)} min={0} max={100} step={1} />
    </div>
  );
}

const seconds = (milliseconds: number): number => milliseconds / 1000;

/** Both ends in seconds; told to the simulator when a field is left. */
function Delay({ knobs, disabled, onTurn }: { knobs: Knobs; disabled: boolean; onTurn: (change: Partial<Knobs>) => void }) {
  const { t } = useTranslation("phones");
  const [from, setFrom] = useState<number | string>(seconds(knobs.receipt_delay_min_ms));
  const [to, setTo] = useState<number | string>(seconds(knobs.receipt_delay_max_ms));
  const tell = () => {
    const least = Math.round(Number(from) * 1000);
    const most = Math.max(least, Math.round(Number(to) * 1000));
    if (least !== knobs.receipt_delay_min_ms || most !== knobs.receipt_delay_max_ms) onTurn({ receipt_delay_min_ms: least, receipt_delay_max_ms: most });
  };
  const common = { min: 0, max: 86_400, decimalScale: 1, step: 0.5, disabled, onBlur: tell };
  return (
    <div className={classes.knob}>
      <Text size="sm" fw={550}>
        {t("knobs.delay")}
      </Text>
      <Text size="xs" c="dimmed" mb={8}>
        {t("knobs.delayWhat")}
      </Text>
      <Group grow>
        <NumberInput label={t("knobs.delayFrom")} value={from} onChange={setFrom} {...common} />
        <NumberInput label={t("knobs.delayTo")} value={to} onChange={setTo} {...common} />
      </Group>
    </div>
  );
}
