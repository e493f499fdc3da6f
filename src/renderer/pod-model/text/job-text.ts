import type { CountdownView } from '../../../core/queue/schedule/countdowns'
import { announcedKeyText } from '../../../core/queue/schedule/new-key-text'
import { formatRemaining, formatUsdPerHour } from '../../../core/base/text/format'
import { plainName, shortName } from '../../../core/pods/pod-name'

export const RUN_NEXT_JOB = 'Run next job'

/** The name of the button on one of several pods. */
export const runNextLabel = (jobName: string, podName: string): string =>
  `Run next job: ${plainName(jobName)} on ${plainName(podName)}`

/** What failed, before the reason. */
export const notStartedText = (jobName: string): string => `${shortName(jobName)} was not started`

/** "planck-chain-13 is waiting and fits this pod." */
export const waitingJobText = (jobName: string): string =>
  `${plainName(jobName)} is waiting and fits this pod.`

/** "Running planck-chain-12", "Running 2 jobs: a, b". `names`: at least one. */
export function runningJobsText(names: readonly string[]): string {
  const list = names.map(plainName).join(', ')
  return names.length === 1 ? `Running ${list}` : `Running ${names.length} jobs: ${list}`
}

/** "planck-chain-13 starts on mcmc-planck in 42 s". `nowMs`: Unix ms. `podName`: of a preset where one is created. */
export function countdownTitle(
  jobName: string,
  podName: string,
  { startsAtMs, request }: Pick<CountdownView, 'startsAtMs' | 'request'>,
  nowMs: number,
): string {
  const [job, pod] = [shortName(jobName), shortName(podName)]
  const subject =
    request === undefined
      ? `${job} starts on ${pod}`
      : request.presetName === null
        ? `${pod} starts for ${job}`
        : `New pod from ${pod} for ${job}`
  return startsAtMs <= nowMs ? `${subject} now` : `${subject} in ${formatRemaining(startsAtMs - nowMs)}`
}

export const countdownBody = ({ request }: Pick<CountdownView, 'request'>): string =>
  request === undefined
    ? 'Auto-schedule is on, and the pod is idle.'
    : `It costs ${formatUsdPerHour(request.perHourUsd)} while it runs.${request.hostKey === undefined ? '' : ` ${announcedKeyText[request.hostKey]}`}`
export const SKIP = 'Skip'
export const skipLabel = (jobName: string, podName: string): string =>
  `Skip the start of ${plainName(jobName)} on ${plainName(podName)}`
export const skippedText = (podName: string): string =>
  `Start skipped. No job starts on ${shortName(podName)} while it stays idle.`
export const notSkippedText = 'The start wasn’t skipped'

export const AUTO_SCHEDULE = 'Auto-schedule'
export const autoScheduleOf = (account: string): string => `${AUTO_SCHEDULE} of ${account}`
export const startsOfJobs = 'Job starts'
/** What it may do, in one sentence. */
export const autoScheduleHelp = {
  account: 'Starts waiting jobs on this account’s idle pods after a 1 min countdown.',
  lab: 'Starts waiting jobs on this lab’s idle pods after a 1 min countdown, while Hubify’s own auto-schedule is on.',
  pod: 'Starts waiting jobs here when the pod is idle, after a 1 min countdown.',
  podByAccount: 'On for all pods of this account. Change it in Settings, under Accounts.',
} as const
/** What a job may start or create. */
export const podsForJobsText = {
  start: 'Start it for a job, up to',
  startHelp: 'Applies while it is stopped. Empty: no job starts it.',
  create: 'Create a pod for a job from',
  never: 'Never',
  price: 'Highest price',
  priceHelp: 'With disks. One pod at a time, and none at a higher or unknown price',
  newKey: 'Accept its new host key',
  startKeyHelp:
    'Accepts the first host key after such a start, for jobs only. Otherwise, a job waits for you if the key is new.',
  createKeyHelp: 'Accepts the new pod’s first host key, for jobs only. Otherwise, no pod is created.',
  perHour: 'USD/hr',
  priceProblem: 'Enter an amount from 0.01 to 10,000.',
} as const
export const queueNotChanged = 'The queue wasn’t changed'
export const scheduleNotChanged = 'Auto-schedule wasn’t changed'
