import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { seriesColor } from "../../report/components/colors.js";
import type { Curve } from "../../report/curve.js";
import { figure } from "../../report/figures.js";

/** One line of a chart. */
export interface Line {
  readonly name: string;
  readonly curve: Curve;
  /** Drawn with its points: there are few of them. */
  readonly points?: boolean;
}

interface Props {
  /** What is measured, with its unit. */
  readonly label: string;
  readonly lines: readonly Line[];
  /** Whether it may be looked at on a logarithmic scale. */
  readonly canBeLog?: boolean;
  /** Another one whenever a curve has grown. */
  readonly turn: number;
}

const HEIGHT = 240;

/** Curves over steps that grow while they are looked at; the names below give the values at the pointer. */
export function LineChart({ label, lines, canBeLog = false, turn }: Props): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [at, setAt] = useState<number | null>(null);
  const [isLog, setLog] = useState(false);
  const names = lines.map(({ name }) => name).join("\n");

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const drawn = new uPlot(
      optionsOf(lines, isLog, element.clientWidth, setAt),
      dataOf(lines),
      element,
    );
    plot.current = drawn;
    const observer = new ResizeObserver(() => {
      drawn.setSize({ width: element.clientWidth, height: HEIGHT });
    });
    observer.observe(element);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const recolor = (): void => drawn.redraw(false);
    dark.addEventListener("change", recolor);
    return () => {
      observer.disconnect();
      dark.removeEventListener("change", recolor);
      drawn.destroy();
      plot.current = null;
    };
  }, [names, isLog]);
  useEffect(() => plot.current?.setData(dataOf(lines)), [turn]);

  return (
    <figure class="live-chart">
      <div class="chart-head">
        <h4>{label}</h4>
        {canBeLog && lines.every(({ curve }) => curve.isPositive) ? (
          <button type="button" aria-pressed={isLog} onClick={() => setLog(!isLog)}>
            log scale
          </button>
        ) : null}
      </div>
      <div class="plot" ref={box} role="img" aria-label={`${label} over steps`} />
      <figcaption>
        {lines.map(({ name, curve }, index) => (
          <span key={name} class="key">
            <i style={{ background: seriesColor(index) }} />
            {name} <b>{figure(at === null ? curve.last?.y : curve.valueAt(at))}</b>
          </span>
        ))}
        {at === null ? null : <span class="key">at step {figure(at)}</span>}
      </figcaption>
    </figure>
  );
}

function dataOf(lines: readonly Line[]): uPlot.AlignedData {
  const tables = lines.map(({ curve }): uPlot.AlignedData => {
    const points = curve.points();
    return [points.map(({ x }) => x), points.map(({ y }) => y)];
  });
  return tables.length === 0 ? [[]] : uPlot.join(tables);
}

function optionsOf(
  lines: readonly Line[],
  isLog: boolean,
  width: number,
  onPoint: (step: number | null) => void,
): uPlot.Options {
  const axis: uPlot.Axis = {
    stroke: () => colorOf("--soft"),
    grid: { stroke: () => colorOf("--line"), width: 1 },
    ticks: { stroke: () => colorOf("--line"), width: 1 },
    font: "12px system-ui, sans-serif",
  };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, sync: { key: "steps" }, points: { size: 6 } },
    scales: { x: { time: false }, y: { distr: isLog ? 3 : 1 } },
    axes: [
      { ...axis, size: 34 },
      { ...axis, size: 58, values: (_, splits) => splits.map((value) => tick(value)) },
    ],
    series: [
      {},
      ...lines.map(
        ({ points, curve }, index): uPlot.Series => ({
          stroke: () => colorOf(`--series-${index}`),
          width: 1.5,
          spanGaps: true,
          // A line of one point would not be seen.
          points: {
            show: () => points === true || curve.length < 2,
            size: 5,
            fill: () => colorOf(`--series-${index}`),
          },
        }),
      ),
    ],
    hooks: {
      setCursor: [
        ({ cursor, data }) => {
          const { idx, left } = cursor;
          const isOn = typeof idx === "number" && left !== undefined && left >= 0;
          onPoint(isOn ? (data[0][idx] ?? null) : null);
        },
      ],
    },
  };
}

/** On a log scale most marks have no number. */
function tick(value: number | null): string {
  if (value === null) return "";
  const rounded = Number(value.toPrecision(4));
  const size = Math.abs(rounded);
  return size >= 1e5 || (size > 0 && size < 1e-3) ? rounded.toExponential() : `${rounded}`;
}

/** A canvas knows no names of the style sheet's. */
function colorOf(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
