import { type CsvCell, csvNumber, toCsv } from '../../core/base/text/csv'
import { formatPercentRange } from '../../core/base/text/format'
import { HOUR_MS } from '../../core/base/time/time'
import { type HistoryReader, createHistoryReader, podsInHistory } from '../../core/history/history-reader'
import { rollUp } from '../../core/history/rollup'
import {
  type UsageDetail,
  type UsageMetric,
  usageMetrics,
  type UsageRow,
  usageSteps,
} from '../../core/history/usage'
import { historyFolder, openHistoryFiles } from '../../node/data-folder/records/history-files'
import { recordedPodNames } from '../../node/data-folder/records/recorded-pods'
import { span, type StyledLine } from '../output/color'
import { CliExit, exitCodes } from '../output/exit'
import { accountJson, iso, JSON_VERSION, type NamedAccount } from '../output/json'
import { localTime } from '../output/local-time'
import { type Column, tableLines } from '../output/table'
import { findPodAmong } from './find/find-pod'
import { historyText } from './commands-text'

/** More rows than this would not be read. */
const MINUTES_UP_TO_MS = 3 * HOUR_MS

export interface HistoryQuery {
  readonly dataFolder: string
  /** Those to look in. */
  readonly accounts: readonly NamedAccount[]
  /** An id, or a name as last recorded. */
  readonly pod: string
  readonly sinceMs: number
  /** Absent: by minute for a few hours, by hour for more. */
  readonly step?: UsageDetail
  readonly nowMs: number
}

export interface PodHistoryResult {
  readonly account: NamedAccount
  readonly pod: { readonly id: string; readonly name: string }
  readonly fromMs: number
  readonly toMs: number
  readonly step: UsageDetail
  /** A sample is a row of one sample. */
  readonly rows: readonly UsageRow[]
}

/** Names of pods are taken from as many months of costs. */
const NAMED_MONTHS = 4

/** Reads the history of a pod, whichever program writes it. Throws a `CliExit` if there is no such pod. */
export async function readPodHistory(query: HistoryQuery): Promise<PodHistoryResult> {
  const { dataFolder, accounts, nowMs, sinceMs } = query
  const filesOf = (id: string) => openHistoryFiles(historyFolder(dataFolder, id), () => false)
  const lists = accounts.map((account) => {
    const names = recordedPodNames(dataFolder, account.id, NAMED_MONTHS)
    const pods = [...podsInHistory(filesOf(account.id))].map((id) => ({
      id,
      name: names.get(id) ?? id,
      phase: 'unknown' as const,
    }))
    return { account, accountName: account.name, pods }
  })
  if (lists.every(({ pods }) => pods.length === 0)) throw new CliExit(exitCodes.notFound, historyText.none)
  const { account, pod } = findPodAmong(lists, query.pod)
  const step = query.step ?? (sinceMs <= MINUTES_UP_TO_MS ? 'minute' : 'hour')
  const range = { fromMs: nowMs - sinceMs, toMs: nowMs + 1 }
  const rows = await readRows(createHistoryReader(filesOf(account.id)), pod.id, range, step)
  return { account, pod: { id: pod.id, name: pod.name }, ...range, step, rows }
}

async function readRows(
  reader: HistoryReader,
  podId: string,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  step: UsageDetail,
): Promise<readonly UsageRow[]> {
  if (step !== 'sample') return reader.rows(podId, fromMs, toMs, step)
  const samples = await reader.samples(podId, fromMs, toMs)
  // One by one, so that each keeps its own time and stands for itself.
  return samples.flatMap((sample) =>
    rollUp([sample], 1).map((row) => ({ ...row, shares: { ...row.shares, [sample.state]: 1 } })),
  )
}

export function historyJson({ account, pod, fromMs, toMs, step, rows }: PodHistoryResult): unknown {
  return {
    version: JSON_VERSION,
    account: accountJson(account),
    pod,
    since: iso(fromMs),
    until: iso(toMs),
    step,
    rows: rows.map(({ startMs, samples, isNewRun, shares, figures }) => ({
      at: iso(startMs),
      samples,
      isNewRun,
      shares,
      ...figures,
    })),
  }
}

const shareNames = ['busy', 'idle', 'off', 'unknown'] as const

/** One row for each step, percentages and shares as numbers; what is unknown is an empty cell. */
export function historyCsv({ rows }: PodHistoryResult): string {
  const { csv } = historyText
  const head = [
    'at',
    'samples',
    ...shareNames.map((name) => csv.share(name)),
    ...usageMetrics.flatMap((metric) => csv.figures.map((name) => `${csv.metrics[metric]} ${name}`)),
  ]
  return toCsv([
    head,
    ...rows.map(({ startMs, samples, shares, figures }): readonly CsvCell[] => [
      new Date(startMs).toISOString(),
      csvNumber(samples),
      ...shareNames.map((name) => csvNumber(shares[name])),
      ...usageMetrics.flatMap((metric) => {
        const range = figures[metric]
        return range === null
          ? ['', '', '', '']
          : [range.min, range.mean, range.max, range.known].map((value) => csvNumber(value))
      }),
    ]),
  ])
}

/** The rows as lines of at most `width`. */
export const historyLines = ({ rows, step, toMs }: PodHistoryResult, width: number): readonly StyledLine[] =>
  tableLines(columns(step, toMs), rows, width)

function columns(step: UsageDetail, nowMs: number): readonly Column<UsageRow>[] {
  const figure = (title: string, metric: UsageMetric, dropPriority: number): Column<UsageRow> => ({
    title,
    align: 'right',
    dropPriority,
    minWidth: null,
    cell: ({ figures }) => span(figureText(figures[metric])),
  })
  return [
    {
      title: 'TIME',
      align: 'left',
      dropPriority: 0,
      minWidth: null,
      cell: ({ startMs }) => span(localTime(startMs, step === 'sample')),
    },
    {
      title: 'STATE',
      align: 'left',
      dropPriority: 0,
      minWidth: null,
      cell: (row) => span(stateText(row, step, nowMs)),
    },
    figure('GPU', 'gpu', 1),
    figure(historyText.gpuMemory, 'gpuMemory', 3),
    figure('CPU', 'cpu', 2),
    figure('MEMORY', 'memory', 4),
  ]
}

/** "94%", or "80% (61–98%)". */
function figureText(range: UsageRow['figures'][UsageMetric]): string {
  if (range === null) return ''
  const all = formatPercentRange(range)
  return all.includes('–') ? `${Math.round(range.mean)}% (${all})` : all
}

/** What the pod did, and for how much of the step where that was not all of it: "idle 80%, not observed 20%". */
function stateText({ startMs, shares }: UsageRow, step: UsageDetail, nowMs: number): string {
  const parts = shareNames
    .filter((name) => shares[name] > 0)
    .sort((a, b) => shares[b] - shares[a])
    .map((name) => ({ words: historyText.states[name], share: shares[name] }))
  // Of the present step only the time that is over can have been observed.
  const elapsed = step === 'sample' ? 1 : Math.min(1, (nowMs - startMs) / usageSteps[step])
  const unobserved = elapsed - parts.reduce((sum, { share }) => sum + share, 0)
  const hasUnobserved = unobserved > 0.02 || parts.length === 0
  const all = hasUnobserved ? [...parts, { words: historyText.notObserved, share: unobserved }] : parts
  const [only] = all
  if (only !== undefined && all.length === 1) return only.words
  const percents = all.map(({ share }) => Math.max(1, Math.round(share * 100)))
  const total = Math.round(all.reduce((sum, { share }) => sum + share, 0) * 100)
  // The largest takes what rounding left, so that they add up.
  percents[0] = total - percents.slice(1).reduce((sum, percent) => sum + percent, 0)
  return all.map(({ words }, index) => `${words} ${percents[index]}%`).join(', ')
}
