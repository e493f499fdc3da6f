import { formatRemaining } from '../../core/base/format'
import { plainName, shortName } from '../../core/pods/pod-name'

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

/** "planck-chain-13 starts on mcmc-planck in 42 s". `nowMs`: Unix ms. */
export function countdownTitle(jobName: string, podName: string, startsAtMs: number, nowMs: number): string {
  const subject = `${shortName(jobName)} starts on ${shortName(podName)}`
  return startsAtMs <= nowMs ? `${subject} now` : `${subject} in ${formatRemaining(startsAtMs - nowMs)}`
}

export const COUNTDOWN_BODY = 'Auto-schedule is on, and the pod is idle.'
export const SKIP = 'Skip'
export const skipLabel = (jobName: string, podName: string): string =>
  `Skip the start of ${plainName(jobName)} on ${plainName(podName)}`
export const skippedText = (podName: string): string =>
  `Skipped. Nothing starts on ${shortName(podName)} while it stays idle.`
export const notSkippedText = 'The start wasn’t skipped'

export const AUTO_SCHEDULE = 'Auto-schedule'
export const autoScheduleOf = (account: string): string => `${AUTO_SCHEDULE} of ${account}`
export const startsOfJobs = 'Starts of jobs'
/** What it may do, in one sentence. */
export const autoScheduleHelp = {
  account:
    'Starts waiting jobs on pods of this account that were observed idle, 1 min after a notice that you can skip; it never starts or creates a pod.',
  lab: 'Starts waiting jobs on this lab’s idle pods, 1 min after a notice that you can skip, and only while the lab’s own auto-schedule is known to be on.',
  pod: 'Starts waiting jobs here once the pod was observed idle, 1 min after a notice that you can skip; it never starts a stopped pod.',
  podByAccount: 'On for all pods of this account. Change it in Settings, under Accounts.',
} as const
export const scheduleNotChanged = 'Auto-schedule wasn’t changed'
