import { formatDuration, formatMoment } from '../base/text/format'
import {
  clockDisagreementMs,
  elapsedMs,
  type Instant,
  MINUTE_MS,
  instantBefore,
  SECOND_MS,
  MAX_CLOCK_DISAGREEMENT_MS,
} from '../base/time/time'
import { type GuardReport, type GuardStatus, type PostStart, wasAccepted } from './guard-report'

/** The guard in a pod as windows and commands show it. See docs/product-rules.md#141-guard-in-the-pod. */
export interface GuardInPodView {
  /** What it may do. */
  readonly wish: 'stop' | 'report'
  /**
   * `starting`: nothing was read so far. `armed`: it could read its pod. `unarmed`: it can't, and says why.
   * `silent`: it does not run, or reports nothing. `unread`: the pod can't be asked.
   */
  readonly state: 'starting' | 'armed' | 'reporting' | 'unarmed' | 'silent' | 'unread'
  /** Whether any stop by a guard in a pod of the account was seen to work. */
  readonly isProven: boolean
  /** Null unless it reports. */
  readonly idleMs: number | null
  readonly idleLimitMs: number | null
  /** Unix ms, each; null: none. */
  readonly stopAtMs: number | null
  readonly deadlineAtMs: number | null
  readonly keptUntilMs: number | null
  readonly readAtMs: number | null
  /** A sentence; null: nothing is wrong. */
  readonly problem: string | null
  /** What the guards of pods that are created later may do; null: they get none. */
  readonly newPods: 'stop' | 'report' | null
  /** Whether the image starts it with the container: see `GuardReport`. */
  readonly postStart: PostStart | null
}

/** The last reading of a guard. */
export interface GuardReading {
  readonly report: GuardReport
  readonly at: Instant
  /** The start of the pod's run that it is from. */
  readonly startedAtMs: number | null
}

/** When it found what it reports, which is before it was read. */
export function measuredAt({ at, report: { nowS } }: GuardReading, { beatS }: GuardStatus): Instant {
  return instantBefore(at, (nowS - beatS) * SECOND_MS)
}

/** A heartbeat that is older is no sign of life, s. It beats each minute, and a request takes half of one. */
const SILENT_S = 300

export const isSilent = ({ report: { isAlive, status, nowS } }: GuardReading): boolean =>
  !isAlive || (status !== null && nowS - status.beatS > SILENT_S)

export function toGuardInPodView(
  wish: 'stop' | 'report',
  isProven: boolean,
  reading: GuardReading | null,
  failure: string | null,
  /** Whether it was asked to try again and hasn't yet. */
  isTrying = false,
): Omit<GuardInPodView, 'newPods'> {
  const status = reading?.report.status ?? null
  const atMs = (timeS: number | null | undefined): number | null =>
    reading === null || timeS == null ? null : reading.at.wallMs + (timeS - reading.report.nowS) * SECOND_MS
  const postStart = reading?.report.postStart ?? null
  const stateless = { wish, isProven, readAtMs: reading?.at.wallMs ?? null, postStart }
  const times = {
    idleMs: status === null ? null : status.idleS * SECOND_MS,
    idleLimitMs: status === null ? null : status.idleLimitS * SECOND_MS,
    stopAtMs: atMs(status?.stopAtS),
    deadlineAtMs: atMs(status?.deadlineS),
    keptUntilMs: atMs(status?.keptUntilS),
  }
  if (failure !== null) return { ...stateless, ...times, state: 'unread', problem: failure }
  if (reading === null || (status === null && reading.report.isAlive))
    return { ...stateless, ...times, state: 'starting', problem: null }
  if (status === null || isSilent(reading))
    return { ...stateless, ...times, state: 'silent', problem: 'It does not run in the pod.' }
  if (!status.isArmed) {
    const problem = `${answerText(status.answer)}${isTrying ? ' It tries again within a minute.' : ''}`
    return { ...stateless, ...times, state: 'unarmed', problem }
  }
  const state = wish === 'report' || status.hold === 'report' ? 'reporting' : 'armed'
  return { ...stateless, ...times, state, problem: stopProblem(status) }
}

/** Whether it would stop the pod by this rule, as it says. See docs/product-rules.md#39-who-can-act. */
export function couldGuardStop({ report: { status } }: GuardReading, rule: 'quiet' | 'max-hours'): boolean {
  if (status === null || !status.isArmed || status.hold === 'report' || stopProblem(status) !== null)
    return false
  return rule === 'quiet' ? status.seen !== 'unknown' && status.idleLimitS > 0 : status.deadlineS !== null
}

const answers: Readonly<Record<string, string>> = {
  '-': 'It has not asked Runpod yet.',
  '000': 'It can’t reach Runpod.',
  '401': 'Runpod refuses the pod’s own key.',
  '403': 'Runpod refuses its requests: the pod’s own key may not do that.',
  '404': 'Runpod has no such pod for the pod’s own key.',
  '429': 'Runpod asks it to wait.',
  'no-key': 'The pod has no key of its own (RUNPOD_API_KEY).',
  'no-program': 'The pod has neither curl nor python3 nor wget.',
  'other-pod': 'It belongs to another pod.',
  unreadable: 'Runpod’s answer can’t be read.',
  locked: 'The pod is locked.',
  'not-running': 'Runpod does not show the pod as running.',
}

const answerText = (answer: string): string =>
  Object.hasOwn(answers, answer) ? (answers[answer] ?? '') : `Runpod answers with ${answer}.`

/** Why its last stop had no effect, although it may act. */
function stopProblem({ stopping, answer }: GuardStatus): string | null {
  if (stopping !== null && !wasAccepted(stopping))
    return `Its stop was refused. ${answerText(stopping.answer)}`
  return answer === '200' || answer === '-' ? null : answerText(answer)
}

/** What a card says: "Guard in the pod: idle 12 of 360 min". */
export function podGuardText(view: GuardInPodView, nowMs: number): string {
  const { state, idleMs, idleLimitMs, stopAtMs, keptUntilMs, problem } = view
  const minutes = (ms: number): number => Math.floor(ms / MINUTE_MS)
  switch (state) {
    case 'starting':
      return 'Guard in the pod: starting'
    case 'silent':
      return 'Guard in the pod: silent'
    case 'unread':
      return 'Guard in the pod: can’t be read'
    case 'unarmed':
      return `Guard in the pod: not armed. ${problem?.replace(/\.$/, '') ?? ''}`
    case 'armed':
    case 'reporting': {
      if (keptUntilMs !== null && keptUntilMs > nowMs) return 'Guard in the pod: kept running'
      if (stopAtMs !== null) return `Guard in the pod: stops it ${formatMoment(stopAtMs, { nowMs })}`
      const idle = `idle ${minutes(idleMs ?? 0)} of ${minutes(idleLimitMs ?? 0)} min`
      return `Guard in the pod: ${idle}${state === 'reporting' ? ', only reports' : ''}`
    }
  }
}

/** What a pod's page says of what it may do. */
export function podGuardDetail(
  { state, isProven, deadlineAtMs, readAtMs, problem, newPods, postStart }: GuardInPodView,
  nowMs: number,
): string {
  const parts = [
    state === 'armed'
      ? isProven
        ? 'Armed.'
        : 'Armed, permission to stop not proven.'
      : state === 'reporting'
        ? 'It only reports.'
        : null,
    deadlineAtMs === null ? null : `Deadline ${formatMoment(deadlineAtMs, { nowMs })}.`,
    // Stands beside its state.
    state === 'unarmed' ? null : problem,
    postStart === 'yes' ? 'Starts with the container.' : null,
    newPods === null ? null : 'New pods get one, too.',
    readAtMs === null ? null : `Read ${formatDuration(Math.max(0, nowMs - readAtMs))} ago.`,
  ]
  return parts.filter((part) => part !== null).join(' ')
}

/** For how long its figures stand for the pod, ms, as those of a look from inside do. */
const HOLDS_MS = 15 * MINUTE_MS

/** Whether the reading still stands for this run of the pod. */
export const isGuardReadingFresh = (
  reading: GuardReading,
  startedAtMs: number | null,
  now: Instant,
): boolean =>
  startedAtMs !== null &&
  reading.startedAtMs === startedAtMs &&
  elapsedMs(reading.at, now) <= HOLDS_MS &&
  clockDisagreementMs(reading.at, now) <= MAX_CLOCK_DISAGREEMENT_MS &&
  !isSilent(reading)
