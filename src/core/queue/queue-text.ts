import type { PendingAlert } from '../alerts/alert'
import type { AuditEntry } from '../audit-log/audit-log'
import { formatDuration, formatTimeOfDay, formatUsdPerHour } from '../base/text/format'
import { parsePodKey, type PodKey } from '../pods/pod'
import { plainName, shortName } from '../pods/pod-name'
import type { Job, JobPhase, JobRun } from './jobs/job'
import type { JobEvent } from './jobs/job-events'
import type { CountdownView } from './schedule/countdowns'
import { type RunCost, runCostText } from './run-costs'
import { announcedKeyText } from './schedule/new-key-text'

/* Text of alerts and of the activity log about jobs. */

const MAX_NAME_IN_TITLE = 60
const title = (job: Job): string => shortName(job.spec.name, MAX_NAME_IN_TITLE)

function jobAlert(
  kind: Extract<PendingAlert['key']['kind'], `job-${string}`>,
  run: JobRun,
  text: Pick<PendingAlert, 'title' | 'body' | 'tone'>,
  buttons: PendingAlert['buttons'] = [],
): PendingAlert {
  const { podId, accountId } = parsePodKey(run.podKey)
  return {
    key: { kind, accountId, podId, episode: run.id },
    podName: run.podName,
    isCritical: false,
    buttons,
    ...text,
  }
}

/** " in 31 s, about $0.03"; empty where neither is known. */
function effortText({ startedAtMs, endedAtMs }: JobRun, cost: RunCost, before: 'in' | 'after'): string {
  const took =
    startedAtMs === null || endedAtMs === null ? '' : ` ${before} ${formatDuration(endedAtMs - startedAtMs)}`
  return `${took}${cost.costUsd === null ? '' : `, ${runCostText(cost)}`}`
}

/** What a job printed isn't repeated here: it may hold secrets, and its page shows it. */
export function endedAlert(before: Job, after: Job, cost: RunCost): PendingAlert | null {
  const run = after.run
  if (run === null || after.phase === 'canceled') return null
  if (after.phase === 'passed')
    return jobAlert('job-finished', run, {
      title: `${title(after)} finished${effortText(run, cost, 'in')}`,
      body: `On ${plainName(run.podName)}.`,
      tone: 'good',
    })
  const hasRetry = after.phase === 'queued' && before.phase !== 'queued'
  if (after.phase !== 'failed' && !(hasRetry && after.failures > before.failures)) return null
  const again = hasRetry ? ' It will be tried again.' : ''
  return jobAlert('job-failed', run, {
    title: `${title(after)} failed${effortText(run, cost, 'after')}`,
    body: `${after.message ?? ''} On ${plainName(run.podName)}.${again}`.trim(),
    tone: 'bad',
  })
}

export function unreachableAlert(job: Job, run: JobRun): PendingAlert {
  const since = run.unreachableSince === null ? '' : ` since ${formatTimeOfDay(run.unreachableSince.wallMs)}`
  return jobAlert('job-unreachable', run, {
    title: `No connection to ${title(job)} for 30 min`,
    body: `Podkeeper hasn’t heard from it${since}. It no longer holds back idle alerts and auto-stop for ${plainName(run.podName)}.`,
    tone: 'warning',
  })
}

/** What became of the job that a pod was requested for, as a clause that follows its name. */
const gaveUpTexts: Readonly<Record<JobPhase, string>> = {
  queued: 'is waiting again',
  held: 'is on hold',
  starting: 'is being started elsewhere',
  running: 'is running elsewhere',
  passed: 'finished',
  failed: 'failed',
  canceled: 'was canceled',
}

/** Of a pod that was requested for a job of which nothing came. `why`: why it keeps running; null: it is stopped. */
export function releasedAlert(job: Job, podKey: PodKey, podName: string, why: string | null): PendingAlert {
  const { podId, accountId } = parsePodKey(podKey)
  const became = job.isRemoved === true ? 'was removed' : gaveUpTexts[job.phase]
  const message = job.message === null ? '' : ` ${job.message}`
  return {
    key: {
      kind: 'job-pod',
      accountId,
      podId,
      episode: `${job.podRequest?.id ?? job.id}:${why === null ? 'stopped' : 'kept'}`,
    },
    podName,
    title: `${shortName(podName)} ${why === null ? 'is stopped' : 'keeps running'}: its job ${became}`,
    body: `It was running for ${title(job)}, which ${became}.${message} ${why ?? 'Podkeeper stops it.'}`,
    isCritical: why !== null,
    buttons: [],
    tone: why === null ? 'plain' : 'warning',
  }
}

/** Of a pod that was requested for a job, and that no list has. */
export function unknownPodAlert(job: Job, requestId: string, why: string): PendingAlert {
  return {
    key: {
      kind: 'job-pod',
      accountId: job.podRequest?.accountId ?? '',
      podId: null,
      episode: `${requestId}:unknown`,
    },
    podName: null,
    title: `You may be paying for a pod of ${title(job)}`,
    body: `${why} The job is on hold. If the pod appears, Podkeeper stops it.`,
    isCritical: true,
    buttons: [],
    tone: 'warning',
  }
}

/** What was to follow a job that passed is not done. `why`: a sentence. */
export function followUpAlert(job: Job, run: JobRun, what: 'results' | 'stop', why: string): PendingAlert {
  const name = plainName(run.podName)
  const text =
    what === 'results'
      ? {
          title: `The results of ${title(job)} are not here yet`,
          body: `${why} Podkeeper keeps trying, and ${name} keeps running until then.`,
        }
      : { title: `${shortName(run.podName)} was not stopped after ${title(job)}`, body: why }
  const alert = jobAlert('job-pod', run, { ...text, tone: 'warning' })
  return { ...alert, key: { ...alert.key, episode: `${run.id}:${what}` }, isCritical: true }
}

/** `podName`: null for a pod that is created. */
export function countdownAlert(
  job: Job,
  podName: string | null,
  { podKey, startsAtMs, request }: CountdownView,
): PendingAlert {
  const { podId, accountId } = parsePodKey(podKey)
  const name = shortName(podName ?? request?.presetName ?? podId)
  const price = request === undefined ? '' : ` at ${formatUsdPerHour(request.perHourUsd)}`
  const key = request?.hostKey === undefined ? '' : ` ${announcedKeyText[request.hostKey]}`
  const text =
    request === undefined
      ? {
          title: `${title(job)} starts on ${name} in 1 min`,
          body: 'Auto-schedule is on, and the pod is idle.',
        }
      : podName === null
        ? {
            title: `New pod for ${title(job)} in 1 min`,
            body: `From the preset ${name}${price}.${key}`,
          }
        : {
            title: `${name} starts for ${title(job)} in 1 min`,
            body: `It is stopped now, and costs ${formatUsdPerHour(request.perHourUsd)} while it runs.${key}`,
          }
  return {
    key: {
      kind: 'job-soon',
      accountId,
      podId: podName === null ? null : podId,
      episode: `${job.id}:${startsAtMs}`,
    },
    podName,
    isCritical: false,
    buttons: ['skip-job'],
    tone: 'plain',
    ...text,
  }
}

/** Null: the event is too small to be recorded. */
export function jobEntry(
  before: Job | null,
  after: Job | null,
  event: JobEvent | null,
  atMs: number,
): AuditEntry | null {
  const job = after ?? before
  if (job === null) return null
  const said = entryText(before, after, event)
  if (said === null) return null
  const { run } = job
  const pod = run === null ? null : parsePodKey(run.podKey)
  const isChange = run !== before?.run || after?.phase !== before?.phase || event?.kind === 'key-accepted'
  const isAboutPod = pod !== null && after !== null && isChange
  return {
    atMs,
    accountId: isAboutPod ? pod.accountId : null,
    podId: isAboutPod ? pod.podId : null,
    podName: isAboutPod ? (run?.podName ?? null) : null,
    kind: 'intent',
    what: `job-${after?.phase ?? 'removed'}`,
    ...said,
  }
}

function entryText(
  before: Job | null,
  after: Job | null,
  event: JobEvent | null,
): Pick<AuditEntry, 'text' | 'tone'> | null {
  const name = plainName((after ?? before)?.spec.name ?? '')
  if (after === null) return { text: `Job ${name} was removed.`, tone: 'plain' }
  if (before === null) return { text: `Job ${name} was added to the queue.`, tone: 'plain' }
  const why = after.message === null ? '' : ` ${after.message}`
  if (event?.kind === 'unreachable') return { text: `Job ${name} can’t be reached.${why}`, tone: 'warning' }
  if (event?.kind === 'key-accepted')
    return {
      text: `Job ${name} accepted the host key of ${plainName(after.run?.podName ?? '')}, as you allowed: ${event.key.fingerprint}`,
      tone: 'warning',
    }
  if (event?.kind === 'cancel' && after.isCanceling)
    return { text: `Job ${name} is being canceled.`, tone: 'plain' }
  if (before.phase === after.phase) return null
  switch (after.phase) {
    case 'queued':
      return event?.kind === 'retry' || event?.kind === 'release'
        ? { text: `Job ${name} is waiting again.`, tone: 'plain' }
        : { text: `Job ${name} will be tried again.${why}`, tone: 'warning' }
    case 'held':
      return { text: `Job ${name} is on hold.${why}`, tone: after.message === null ? 'plain' : 'warning' }
    case 'starting': {
      const by = after.run?.startedBy === 'schedule' ? ' by auto-schedule' : ''
      return { text: `Job ${name} is being started${by}.`, tone: 'plain' }
    }
    case 'running':
      return { text: `Job ${name} started.`, tone: 'plain' }
    case 'passed':
      return { text: `Job ${name} finished.`, tone: 'good' }
    case 'failed':
      return { text: `Job ${name} failed.${why}`, tone: 'bad' }
    case 'canceled':
      return { text: `Job ${name} was canceled.`, tone: 'plain' }
  }
}
