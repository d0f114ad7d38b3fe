// The forest of rates with their intervals. The table beside it holds the same numbers.
import * as Plot from '@observablehq/plot';

/** A modality with its counts; rate and interval as fractions. */
export interface Rate {
  modality: string;
  cases: number;
  discrepant: number;
  rate: number;
  low: number;
  high: number;
}

/** The next larger end of the axis that leaves the widest interval on it. */
export function axisEnd(rates: Rate[]): number {
  const most = Math.max(...rates.map((r) => r.high), 0.01);
  return [0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1].find((end) => most <= end) ?? 1;
}

const LEFT_PX = 130;
const ROW_PX = 40;

export function drawRates(rates: Rate[], width: number): Element {
  const chart = Plot.plot({
    width,
    height: rates.length * ROW_PX + 34,
    marginLeft: LEFT_PX,
    marginRight: 20,
    marginTop: 4,
    marginBottom: 30,
    ariaLabel:
      'Discrepancy rate by modality with its 95 % interval; the table beside it holds the same numbers',
    x: {
      domain: [0, axisEnd(rates)],
      label: null,
      ticks: 5,
    },
    y: { domain: rates.map((r) => r.modality), axis: null },
    marks: [
      Plot.gridX({ stroke: 'var(--line)', strokeOpacity: 1 }),
      Plot.axisX({
        stroke: 'none',
        fill: 'var(--text-faint)',
        tickSize: 0,
        fontSize: 11,
        ticks: 5,
        tickFormat: percentTick,
      }),
      Plot.ruleY(rates, { y: 'modality', x1: 'low', x2: 'high', stroke: 'var(--accent)', strokeWidth: 2 }),
      Plot.dot(rates, {
        y: 'modality',
        x: 'rate',
        r: 5,
        fill: 'var(--accent)',
        channels: {},
        title: (r: Rate) =>
          `${r.modality}: ${percent(r.rate)} (${percent(r.low)} to ${percent(r.high)}), ${r.discrepant} of ${r.cases}`,
      }),
      Plot.text(rates, {
        y: 'modality',
        frameAnchor: 'left',
        dx: -LEFT_PX,
        text: 'modality',
        fill: 'var(--text)',
        fontSize: 13,
        textAnchor: 'start',
      }),
      Plot.text(rates, {
        y: 'modality',
        frameAnchor: 'left',
        dx: -LEFT_PX + 64,
        text: (r: Rate) => `${r.discrepant}/${r.cases}`,
        fill: 'var(--text-faint)',
        fontSize: 11,
        textAnchor: 'start',
      }),
    ],
  });
  // Plot brings a style element of its own, which the page's policy forbids; look.css dresses the chart.
  for (const style of [...chart.querySelectorAll('style')]) style.remove();
  return chart;
}

const percentTick = (v: number) => `${Number((v * 100).toFixed(1))} %`;
const percent = (v: number) => `${(v * 100).toFixed(1)} %`;
