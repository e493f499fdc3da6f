/** One measured value next to its baseline of the same run. `goal`: the maximum for `ratio` or `value`. */
export interface Measurement {
  readonly group: string
  readonly name: string
  /** 'ms', 'MB', '% of a core', '1/s', 'kB', 's'. */
  readonly unit: string
  /** The median if there were several runs. */
  readonly value: number
  /** Half of the interquartile range, in the same unit; null for a single measurement. */
  readonly spread: number | null
  readonly baseline: number | null
  /** A description of the baseline; null if there is none. */
  readonly beside: string | null
  readonly goal: Goal | null
}

export type Goal =
  | { readonly kind: 'ratio'; readonly atMost: number }
  | { readonly kind: 'value'; readonly atMost: number }
  /** `value - baseline`. */
  | { readonly kind: 'difference'; readonly atMost: number }

/** For figures of a group that were measured once. `more`: their baseline and goal. */
export const figuresOf =
  (group: string) =>
  (name: string, unit: string, value: number, more: Partial<Measurement> = {}): Measurement => ({
    group,
    name,
    unit,
    value,
    spread: null,
    baseline: null,
    beside: null,
    goal: null,
    ...more,
  })

/** For figures that count something. `atMost`: more of it fails the bench. */
export const countsOf =
  (group: string) =>
  (name: string, value: number, atMost?: number): Measurement =>
    figuresOf(group)(name, '', value, atMost === undefined ? {} : { goal: { kind: 'value', atMost } })

export interface JudgedMeasurement extends Measurement {
  readonly ratio: number | null
  /** Null if there is no goal. */
  readonly holds: boolean | null
}

export function toResult(measurement: Measurement): JudgedMeasurement {
  const { value, baseline, goal } = measurement
  const ratio = baseline === null || baseline === 0 ? null : value / baseline
  return { ...measurement, ratio, holds: goal === null ? null : isGoalMet(goal, value, baseline, ratio) }
}

function isGoalMet(goal: Goal, value: number, baseline: number | null, ratio: number | null): boolean | null {
  switch (goal.kind) {
    case 'value':
      return value <= goal.atMost
    case 'ratio':
      return ratio === null ? null : ratio <= goal.atMost
    case 'difference':
      return baseline === null ? null : value - baseline <= goal.atMost
  }
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** Half of the interquartile range. */
export function spreadOf(values: readonly number[]): number {
  return (quantile(values, 0.75) - quantile(values, 0.25)) / 2
}

/** `share`: for example 0.95 for the value that 95 of 100 are below. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error('nothing was measured')
  const sorted = [...values].sort((a, b) => a - b)
  const place = (sorted.length - 1) * share
  const below = sorted[Math.floor(place)] ?? 0
  const above = sorted[Math.ceil(place)] ?? below
  return below + (above - below) * (place - Math.floor(place))
}

/** Runs each of `subjects` `rounds` times, alternating, so that a slow minute of the machine affects all of them. */
export async function interleaved<K extends string>(
  rounds: number,
  subjects: Readonly<Record<K, () => Promise<number>>>,
): Promise<Record<K, number[]>> {
  const names = Object.keys(subjects) as K[]
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>
  for (let round = 0; round < rounds; round++)
    for (const name of round % 2 === 0 ? names : [...names].reverse())
      values[name].push(await subjects[name]())
  return values
}

/** Formats the results as a table, at most 110 columns wide. */
export function formatTable(results: readonly JudgedMeasurement[]): string {
  const rows = results.map((result) => [
    `${result.group} · ${result.name}`,
    `${number(result.value)}${result.spread === null ? '' : ` ± ${number(result.spread)}`} ${result.unit}`,
    result.baseline === null ? '–' : `${number(result.baseline)} ${result.unit}`,
    result.ratio === null ? '–' : `${result.ratio.toFixed(2)} ×`,
    goalText(result),
  ])
  const table = [['figure', 'here', 'baseline', 'ratio', 'goal'], ...rows]
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  return table
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function goalText({ goal, holds, unit }: JudgedMeasurement): string {
  if (goal === null) return ''
  const words = {
    ratio: `≤ ${goal.atMost} ×`,
    value: `≤ ${goal.atMost} ${unit}`,
    difference: `≤ baseline + ${goal.atMost} ${unit}`,
  }[goal.kind]
  return `${words} ${holds === null ? 'not known' : holds ? 'holds' : 'MISSED'}`
}

function number(value: number): string {
  return Math.abs(value) >= 100
    ? value.toFixed(0)
    : Math.abs(value) >= 10
      ? value.toFixed(1)
      : value.toFixed(2)
}
