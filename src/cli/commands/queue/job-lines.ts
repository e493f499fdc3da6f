import { formatDuration } from '../../../core/base/text/format'
import { plainText } from '../../../core/base/text/plain-text'
import { needsText } from '../../../core/queue/jobs/needs-text'
import { isWaitingState, type JobView } from '../../../core/queue/queue-view'
import { runCostText } from '../../../core/queue/run-costs'
import type { ControlledQueueView } from '../../../node/control/queue-control'
import { span, type StyledLine, type Tone } from '../../output/color'
import { iso, JSON_VERSION } from '../../output/json'
import { type Column, tableLines } from '../../output/table'
import { jobLineText, queueText } from './queue-text'

const tones: Readonly<Record<JobView['state'], Tone>> = {
  queued: 'plain',
  held: 'dim',
  blocked: 'warn',
  running: 'good',
  unknown: 'warn',
  passed: 'good',
  failed: 'bad',
  canceled: 'dim',
}

/** The first characters of an id, which are enough to name a job. */
export const shortId = ({ id }: Pick<JobView, 'id'>): string => id.slice(0, 8)

function whereText({ run, fitsPodKeys, state }: JobView, view: ControlledQueueView): string {
  if (!isWaitingState(state)) return run?.podName ?? ''
  const names = fitsPodKeys.map((key) => view.pods.find((pod) => pod.key === key)?.name ?? '')
  return names.length === 0 ? '–' : jobLineText.fits(names)
}

function timeText(job: JobView, nowMs: number): string {
  const { run, state, usuallyTakesMs } = job
  if (run === null || isWaitingState(state))
    return usuallyTakesMs === null ? '' : jobLineText.takes(usuallyTakesMs)
  return formatDuration(Math.max(0, (run.endedAtMs ?? nowMs) - run.startedAtMs))
}

function statusText(
  { statusText: text, state, isStarting, isCanceling, run }: JobView,
  nowMs: number,
): string {
  if (isCanceling) return jobLineText.canceling
  const since = run?.unreachableSinceMs ?? null
  if (state === 'unknown' && since !== null) return jobLineText.unknownSince(since, nowMs, text)
  const key = state === 'running' ? run?.acceptedKey : undefined
  if (text === null && key !== undefined) return jobLineText.acceptedKey(key.fingerprint)
  return text ?? (isStarting ? jobLineText.starting : '')
}

export function jobLines(view: ControlledQueueView, columns: number, nowMs: number): readonly StyledLine[] {
  if (view.jobs.length === 0) return [[span(queueText.empty)]]
  const table: readonly Column<JobView>[] = [
    {
      title: 'JOB',
      align: 'left',
      dropPriority: 0,
      minWidth: null,
      cell: (job) => span(shortId(job), 'dim'),
    },
    {
      title: 'NAME',
      align: 'left',
      dropPriority: 0,
      minWidth: 8,
      cell: ({ spec }) => span(spec.name, 'strong'),
    },
    {
      title: 'STATE',
      align: 'left',
      dropPriority: 0,
      minWidth: null,
      cell: ({ state }) => span(state, tones[state]),
    },
    {
      title: 'NEEDS',
      align: 'left',
      dropPriority: 4,
      minWidth: null,
      cell: ({ spec }) => span(needsText(spec.needs)),
    },
    { title: 'POD', align: 'left', dropPriority: 1, minWidth: 8, cell: (job) => span(whereText(job, view)) },
    {
      title: 'TIME',
      align: 'right',
      dropPriority: 2,
      minWidth: null,
      cell: (job) => span(timeText(job, nowMs)),
    },
    {
      title: 'COST',
      align: 'right',
      dropPriority: 3,
      minWidth: null,
      cell: (job) => span(job.run?.costUsd == null || isWaitingState(job.state) ? '' : runCostText(job.run)),
    },
    {
      title: 'STATUS',
      align: 'left',
      dropPriority: 5,
      minWidth: 10,
      cell: (job) => span(statusText(job, nowMs)),
    },
  ]
  return tableLines(table, view.jobs, columns)
}

export function jobJson(job: JobView, view: ControlledQueueView): unknown {
  const { spec, run } = job
  const podOf = (key: string): unknown => ({
    key,
    name: view.pods.find((pod) => pod.key === key)?.name ?? null,
  })
  return {
    id: job.id,
    name: spec.name,
    state: job.state,
    status: job.statusText,
    command: spec.command,
    workingDirectory: spec.workingDirectory,
    variables: spec.variableNames,
    needs: spec.needs,
    priority: spec.priority,
    maxSeconds: spec.maxSeconds,
    retries: spec.retries,
    failures: job.failures,
    dependsOn: spec.dependsOn,
    afterSuccess: spec.afterSuccess,
    isCanceling: job.isCanceling,
    createdAt: iso(job.createdAtMs),
    fits: job.fitsPodKeys.map(podOf),
    run:
      run === null
        ? null
        : {
            pod: { key: run.podKey, name: run.podName },
            startedAt: iso(run.startedAtMs),
            endedAt: iso(run.endedAtMs),
            exitCode: run.exitCode,
            unknownSince: iso(run.unreachableSinceMs),
            costUsd: run.costUsd,
            costKind: run.costKind,
            acceptedHostKey:
              run.acceptedKey === undefined
                ? null
                : {
                    algorithm: run.acceptedKey.algorithm,
                    fingerprint: run.acceptedKey.fingerprint,
                    acceptedAt: iso(run.acceptedKey.acceptedAtMs),
                  },
          },
  }
}

export const queueJson = (view: ControlledQueueView, isActing: boolean, nowMs: number): unknown => ({
  version: JSON_VERSION,
  at: iso(nowMs),
  isActing,
  autoSchedule: {
    pods: view.rules.podKeys,
    accounts: view.rules.accountIds,
    starts: view.rules.starts ?? [],
    creates: (view.rules.creates ?? []).map(({ digest: _digest, ...rule }) => rule),
    isPaused: view.rules.isPaused,
  },
  jobs: view.jobs.map((job) => jobJson(job, view)),
  suggestions: view.suggestions.map(({ podKey, jobId }) => ({ podKey, jobId })),
  starts: view.countdowns.map(({ podKey, jobId, startsAtMs, request }) => ({
    podKey: request?.presetName == null ? podKey : null,
    jobId,
    startsAt: iso(startsAtMs),
    preset: request?.presetName ?? null,
    perHourUsd: request?.perHourUsd ?? null,
    hostKey: request?.hostKey ?? null,
  })),
  experiments: view.experiments.map(({ id, title, priority, computeMode, createdAtMs, ...experiment }) => ({
    id,
    title: plainText(title),
    priority,
    computeMode,
    createdAt: iso(createdAtMs),
    accountId: experiment.accountId,
    fitsIdlePod: experiment.fitsIdlePod,
  })),
})
