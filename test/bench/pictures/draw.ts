import { Resvg } from '@resvg/resvg-js';
import { type EChartsOption, init } from 'echarts';

export type Picture = {
  /** Of its file. */
  name: string;
  title: string;
  /** What was measured, under the title. */
  subtitle: string;
  /** Bars are named by texts; lines stand over texts, one as far from the other, or over numbers. */
  x: { title: string; values: readonly string[] | readonly number[] };
  /** Unit included. */
  y: { title: string };
  kind: 'line' | 'bar';
  /** A value for each of the x; null where there is none. */
  series: readonly { name: string; values: readonly (number | null)[] }[];
};

const WIDTH = 760;
const HEIGHT = 440;
const INK = '#1f2933';
const FAINT = '#d5dbe1';
/** Told apart by people who see fewer colours too. */
const COLOURS = ['#0b6fa4', '#d1632a', '#3a8f4d', '#7b5aa6', '#8a6d1f'];
const FONT = 'DejaVu Sans, Verdana, Arial, sans-serif';

export function drawSvg(picture: Picture): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  chart.setOption(optionOf(picture));
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/** At twice the size, for screens that show it. */
export function toPng(svg: string): Buffer {
  return new Resvg(svg, { fitTo: { mode: 'width', value: WIDTH * 2 } }).render().asPng();
}

function optionOf(picture: Picture): EChartsOption {
  const { title, subtitle, kind, series } = picture;
  const several = series.length > 1;
  return {
    animation: false,
    backgroundColor: '#ffffff',
    color: COLOURS,
    textStyle: { fontFamily: FONT, color: INK },
    title: {
      text: title,
      subtext: subtitle,
      left: 16,
      top: 10,
      textStyle: { fontSize: 17, color: INK, fontFamily: FONT },
      subtextStyle: { fontSize: 12, color: '#52606d', fontFamily: FONT },
    },
    ...(several ? { legend: { top: 66, left: 16, itemGap: 18, textStyle: { color: INK, fontSize: 12 } } } : {}),
    grid: { left: kind === 'bar' ? 220 : 78, right: kind === 'bar' ? 64 : 36, top: several ? 112 : 84, bottom: 62 },
    ...(kind === 'bar' ? bars(picture) : lines(picture)),
  };
}

const AXIS = {
  nameLocation: 'middle' as const,
  nameTextStyle: { color: INK, fontSize: 13 },
  axisLine: { lineStyle: { color: INK } },
  splitLine: { lineStyle: { color: FAINT } },
};
const LABEL = { color: INK, fontSize: 12 };
const asNumber = (value: number) => value.toLocaleString('en-US');

/** Lying, so that each has room for its name. */
function bars({ x, y, series }: Picture): EChartsOption {
  return {
    xAxis: { ...AXIS, type: 'value', name: y.title, nameGap: 34, axisLabel: { ...LABEL, formatter: asNumber } },
    yAxis: {
      ...AXIS,
      type: 'category',
      data: x.values.map(String),
      inverse: true,
      axisLabel: LABEL,
      axisTick: { show: false },
    },
    series: series.map(({ name, values }) => ({
      ...{ name, type: 'bar', data: [...values], barMaxWidth: 26 },
      label: labelAt('right'),
    })),
  };
}

function lines({ x, y, series }: Picture): EChartsOption {
  const overNumbers = typeof x.values[0] === 'number';
  const axis = { ...AXIS, name: x.title, nameGap: 34 };
  return {
    xAxis: overNumbers
      ? {
          ...axis,
          type: 'value',
          // A little room, so that the first point does not stand on the other axis.
          min: -0.04 * Math.max(...x.values.map(Number)),
          axisLabel: { ...LABEL, formatter: asNumber, showMinLabel: false },
          splitLine: { show: false },
        }
      : { ...axis, type: 'category', data: x.values.map(String), axisLabel: LABEL, axisTick: { alignWithLabel: true } },
    yAxis: { ...AXIS, type: 'value', name: y.title, nameGap: 56, min: 0, axisLabel: { ...LABEL, formatter: asNumber } },
    series: series.map(({ name, values }, place) => ({
      ...{ name, type: 'line', symbolSize: 8, lineStyle: { width: 2.5 } },
      data: overNumbers ? values.map((value, at) => [Number(x.values[at]), value]) : [...values],
      // Of two lines, the figures of one stand above and of the other below; of more they would be in each other's way.
      ...(series.length > 2 ? {} : { label: labelAt(series.length === 2 && place === 0 ? 'bottom' : 'top') }),
    })),
  };
}

function labelAt(position: 'top' | 'bottom' | 'right') {
  return {
    ...{ show: true, position, distance: 8, color: INK, fontSize: 11 },
    formatter: ({ value }: { value: unknown }) => tell(Number(Array.isArray(value) ? value[1] : value)),
  };
}

function tell(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 1 : 0 });
}
