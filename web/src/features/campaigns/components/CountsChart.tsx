import "@mantine/charts/styles.css";
import { BarChart } from "@mantine/charts";
import { useComputedColorScheme } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { wholeTicks } from "@/lib/axis";
import { formatNumber } from "@/lib/i18n";
import { COUNTED, type Counts } from "../api/types";

const TICK = { fontSize: 12, fill: "var(--mantine-color-dimmed)" };

/** The numbers beside it as bars. It says nothing new, so screen readers skip it. */
export default function CountsChart({ counts }: { counts: Counts }) {
  const { t } = useTranslation("campaigns");
  const dark = useComputedColorScheme() === "dark";
  const data = COUNTED.map((name) => ({ name: t(`common:status.${name}`), count: counts[name] }));
  const ticks = wholeTicks(Math.max(...data.map(({ count }) => count)));
  return (
    <div aria-hidden>
      <BarChart
        h={180}
        data={data}
        dataKey="name"
        series={[{ name: "count", color: dark ? "petrol.4" : "petrol.7", label: t("columns.recipients") }]}
        valueFormatter={formatNumber}
        orientation="vertical"
        gridAxis="y"
        tickLine="none"
        withTooltip
        barChartProps={{ accessibilityLayer: false }}
        barProps={{ radius: 4, isAnimationActive: false }}
        xAxisProps={{ tick: TICK, ticks, domain: [0, ticks.at(-1) ?? 1], tickFormatter: formatNumber }}
        yAxisProps={{ tick: TICK, width: 104, interval: 0 }}
      />
    </div>
  );
}
