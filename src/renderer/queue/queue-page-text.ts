import {
  formatDate,
  formatDuration,
  formatMoment,
  formatNumber,
  formatTimeOfDay,
  formatUsd,
} from '../../core/base/text/format'
import { plainName, shortName } from '../../core/pods/pod-name'
import type { ScheduleRules } from '../../core/queue/jobs/job-codec'
import type { ExperimentView, JobRunView, JobState, JobView } from '../../core/queue/queue-view'
import { runCostText } from '../../core/queue/run-costs'
import type { PodView } from '../../core/view/snapshot'
import type { JobFilter } from './job-lists'
import { HOUR_MS } from '../../core/base/time/time'
import type { JobPriority } from '../../core/queue/jobs/job-choices'

export const filterLabels: Readonly<Record<JobFilter, string>> = {
  all: 'All',
  waiting: 'Waiting',
  running: 'Running',
  done: 'Done',
}

export const DEPLOY = 'Deploy in Hubify'

/** Labels of the page, of its buttons and of its menus. */
export const labels = {
  filter: 'Filter',
  searchJobs: 'Search jobs',
  show: 'Show',
  newJob: 'New job',
  running: 'Running',
  waiting: 'Waiting',
  done: 'Done',
  experiments: 'Experiments in your labs',
  job: 'Job',
  needs: 'Needs',
  fits: 'Fits',
  usually: 'Usually takes',
  status: 'Status',
  ranOn: 'Ran on',
  result: 'Result',
  took: 'Took',
  cost: 'Cost',
  ended: 'Ended',
  lab: 'Lab',
  queued: 'Queued',
  runNow: 'Run now',
  edit: 'Edit…',
  duplicate: 'Duplicate',
  hold: 'Hold',
  release: 'Release',
  moveUp: 'Move up',
  moveDown: 'Move down',
  remove: 'Remove',
  retry: 'Retry',
  retryLarger: 'Retry on a larger GPU…',
  fetch: 'Fetch results…',
  details: 'Show details',
  hideDetails: 'Hide details',
  cancel: 'Cancel job',
  canceling: 'Canceling…',
  terminal: 'Terminal',
  showLog: 'Show more of the log',
  hideLog: 'Show less',
  lastLines: 'Last lines',
  command: 'Command',
  gpuUse: 'GPU use',
  costSoFar: 'Cost so far',
  costAtEnd: 'Estimated total',
  maximum: 'Time limit',
  runThere: 'Run job',
  notNow: 'Not now',
  pause: 'Pause the queue',
  resume: 'Resume',
  accounts: 'Auto-schedule jobs on',
  pods: 'Individual pods',
  waitingForLog: 'Reading the log…',
  noLog: 'Nothing printed yet',
  choosePod: 'Run on',
} as const

export const pausedText =
  'The queue is paused. No jobs are suggested or started automatically. Running jobs continue.'
export const autoScheduleOffText = 'While auto-schedule is off, nothing starts without you.'

export const emptyText = {
  noAccount: {
    title: 'No account yet',
    body: 'Connect an account on the Pods page to run jobs on its pods.',
  },
  empty: {
    title: 'No jobs yet',
    body: 'A job is a command that waits for an idle pod. Start it with one click, or let auto-schedule start it.',
  },
  noMatch: { title: 'No job matches', body: 'Change the filter to see the others.' },
} as const

/** The names of buttons that stand on many rows. */
export const labelFor = {
  run: (name: string): string => `${labels.runNow}: ${plainName(name)}`,
  more: (name: string): string => `Actions of ${plainName(name)}`,
  cancel: (name: string): string => `${labels.cancel} ${plainName(name)}`,
  terminal: (name: string): string => `Terminal on ${plainName(name)}`,
  log: (name: string): string => `Log of ${plainName(name)}`,
  command: (name: string): string => `Command of ${plainName(name)}`,
  openLab: (name: string): string => `${DEPLOY}: ${plainName(name)}`,
  retry: (name: string): string => `Retry ${plainName(name)}`,
  retryLarger: (name: string): string => `${labels.retryLarger}: ${plainName(name)}`,
} as const

/** Beside the title of the waiting jobs. */
export const waitingCountText = (count: number): string => `${formatNumber(count)}, in the order they run`

export const priorityLabels: Readonly<Record<JobPriority, string>> = {
  critical: 'Critical',
  high: 'High',
  normal: 'Normal',
  low: 'Low',
}

/** "Auto-schedule: Off", "Auto-schedule: Paused", "Auto-schedule: 2 pods". */
export function scheduleLabel({ podKeys, accountIds, isPaused }: ScheduleRules): string {
  if (isPaused) return 'Auto-schedule: Paused'
  if (accountIds.length > 0) return 'Auto-schedule: On'
  if (podKeys.length > 0) return `Auto-schedule: ${podKeys.length === 1 ? '1 pod' : `${podKeys.length} pods`}`
  return 'Auto-schedule: Off'
}

/** "about 1 h 38 min" without the word; a dash where it isn't known. */
export const usualText = ({ usuallyTakesMs }: JobView): string =>
  usuallyTakesMs === null ? '–' : formatDuration(usuallyTakesMs)

/** What a waiting job waits for. */
export function waitingText({
  state,
  statusText,
  startablePodKeys,
  fitsPodKeys,
  resultsFetched,
}: JobView): string {
  if (resultsFetched !== null) return fetchingText(resultsFetched)
  if (state === 'held') return statusText === null ? 'On hold' : `On hold. ${statusText}`
  if (state === 'blocked') return `Blocked. ${statusText ?? ''}`.trim()
  if (statusText !== null) return statusText
  if (startablePodKeys.length > 0) return 'Ready'
  return fitsPodKeys.length === 0 ? 'No pod fits' : 'Waiting for a free pod'
}

export const fetchingText = (share: number): string => `Fetching results, ${Math.floor(share * 100)}%`

const resultWords: { readonly [K in JobState]?: string } = {
  passed: 'Passed',
  failed: 'Failed',
  canceled: 'Canceled',
}

/** "Failed" and "It ended with exit code 1.", as sentences. */
export function resultText({ state, run, statusText, resultsFetched }: JobView): {
  readonly word: string
  readonly rest: string
} {
  const exitCode = run?.exitCode ?? null
  const parts = [
    ...(state === 'failed' && exitCode !== null && !hasExitCode(statusText)
      ? [`Exit code ${exitCode}.`]
      : []),
    ...(statusText === null ? [] : [statusText]),
    ...(resultsFetched === null ? [] : [fetchingText(resultsFetched)]),
  ]
  return { word: resultWords[state] ?? state, rest: parts.join(' ') }
}

const hasExitCode = (text: string | null): boolean => text !== null && /\bexit|code\b/i.test(text)

export const tookText = (run: JobRunView | null): string =>
  run === null || run.endedAtMs === null ? '–' : formatDuration(run.endedAtMs - run.startedAtMs)

export const costText = (run: JobRunView | null): string => (run === null ? 'unknown' : runCostText(run))

/** Before the fingerprint of a host key that the queue accepted. */
export const acceptedKeyText = (acceptedAtMs: number, nowMs: number): string =>
  `Host key accepted ${formatMoment(acceptedAtMs, { nowMs })}, not verified:`

/** "1:52 PM", or "Nov 19" on another day. */
export function endedText(atMs: number, nowMs: number): string {
  const isToday = new Date(atMs).toDateString() === new Date(nowMs).toDateString()
  return isToday ? formatTimeOfDay(atMs) : formatDate(atMs, { month: 'short', day: 'numeric' })
}

/** How far a running job is, as far as that can be estimated. `share`: 0 to 1. */
export interface Progress {
  readonly share: number | null
  readonly text: string
}

export function progressOf(
  { usuallyTakesMs, run, isStarting, state, isCanceling, statusText }: JobView,
  nowMs: number,
): Progress {
  if (run === null) return { share: null, text: '' }
  const elapsedMs = Math.max(0, nowMs - run.startedAtMs)
  const runningText = `running for ${formatDuration(elapsedMs)}`
  if (isCanceling) return { share: null, text: 'being canceled' }
  if (state === 'unknown')
    return {
      share: null,
      text:
        run.unreachableSinceMs === null
          ? (statusText ?? 'Unknown')
          : `Unknown since ${formatMoment(run.unreachableSinceMs, { nowMs })}`,
    }
  if (isStarting) return { share: null, text: 'starting' }
  if (usuallyTakesMs === null || usuallyTakesMs <= 0) return { share: null, text: runningText }
  if (elapsedMs >= usuallyTakesMs) return { share: null, text: `${runningText}, longer than usual` }
  return {
    share: elapsedMs / usuallyTakesMs,
    text: `ends about ${formatMoment(run.startedAtMs + usuallyTakesMs, { nowMs })}`,
  }
}

export const percentText = (share: number): string => `${Math.floor(share * 100)}%`

export const startedText = ({ startedAtMs }: JobRunView, nowMs: number): string =>
  `started ${formatMoment(startedAtMs, { nowMs })}`

/** When it is ended on the pod, whatever it does. */
export const latestEndText = ({ spec, run }: JobView, nowMs: number): string =>
  run === null ? '' : formatMoment(run.startedAtMs + spec.maxSeconds * 1_000, { nowMs })

/** Null: not known. */
export const costAtEndText = ({ run, usuallyTakesMs }: JobView): string | null =>
  run === null || run.perHourUsd === null || usuallyTakesMs === null
    ? null
    : formatUsd((run.perHourUsd * usuallyTakesMs) / HOUR_MS)

/** "mcmc-planck has been idle for 24 min." and "planck-chain-13 fits it and usually takes 1 h 38 min, about $6.52." */
export function suggestionText(
  { name, activity, costPerHourUsd }: PodView,
  { spec, usuallyTakesMs }: JobView,
): { readonly fact: string; readonly offer: string } {
  const idleMs = activity.kind === 'idle' ? activity.idleForMs : 0
  const usd =
    usuallyTakesMs === null || costPerHourUsd === null ? null : (costPerHourUsd * usuallyTakesMs) / HOUR_MS
  const usual =
    usuallyTakesMs === null
      ? ''
      : ` and usually takes ${formatDuration(usuallyTakesMs)}${usd === null ? '' : `, about ${formatUsd(usd)}`}`
  return {
    fact: `${plainName(name)} has been idle for ${formatDuration(idleMs)}.`,
    offer: `${plainName(spec.name)} fits it${usual}.`,
  }
}

/** What a screen reader hears after a move; `place`: 1 is the first. */
export const movedText = (name: string, place: number, count: number): string =>
  `${plainName(name)} is now ${place} of ${count}.`
export const notMovedText = (name: string): string =>
  `${plainName(name)} stays where it is: jobs of a lower priority come after it.`

/** Messages about what was done, and the titles of failures. */
export const toastText = {
  removed: (name: string): string => `${shortName(name)} removed`,
  notRemoved: (name: string): string => `${shortName(name)} was not removed`,
  notRestored: (name: string): string => `${shortName(name)} was not restored`,
  notMoved: (name: string): string => `${shortName(name)} was not moved`,
  notChanged: (name: string): string => `${shortName(name)} was not changed`,
  notCanceled: (name: string): string => `${shortName(name)} was not canceled`,
  notRetried: (name: string): string => `${shortName(name)} was not retried`,
  notFetched: (name: string): string => `The results of ${shortName(name)} were not fetched`,
  duplicated: (name: string): string => `${shortName(name)} duplicated; the copy is on hold`,
  fetched: (count: number, folder: string): string =>
    `${count === 1 ? '1 file' : `${formatNumber(count)} files`} fetched into ${folder}`,
  noLab: 'Couldn’t open Hubify',
} as const

/** "queued 3 h ago" of an experiment of a lab. */
export const experimentAge = ({ createdAtMs }: ExperimentView, nowMs: number): string =>
  createdAtMs === null ? '–' : formatMoment(createdAtMs, { nowMs })

/** `count`: how many are shown next. */
export const moreCountText = (count: number): string => `Show ${formatNumber(count)} more`
export const logProblemText = (why: string): string => `Couldn’t read the log: ${why}`
