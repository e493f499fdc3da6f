import type { Alert } from '../../src/core/alerts/alert'
import type { Settings } from '../../src/core/settings/settings'
import { MINUTE_MS } from '../../src/core/base/time/time'
import { emptyTally, type IdleTally, isIdle } from './oracle-idle'
import { isQuietTime } from './quiet-time'
import { arePaused, keptOn, rulesOf, type UserState } from './user-commands'

/* Checks that idle alerts come when they must and only when they may. See docs/product-rules.md#31-rules. */

export interface IdleAlertOracle {
  /** How long each pod was idle; the caller replaces it with each observation. */
  podOf(podId: string): JudgedPod
  pods(): Iterable<[string, JudgedPod]>
  /** A list has just changed what is known of the pod. */
  onListed(podId: string): void
  onAlertShown(alert: Alert): void
  /** An alert may have covered some of the pods, and it cannot be determined which. */
  recordPossibleAlerts(): void
  /** A user's command may change what is due for this pod; null: for all. */
  onCommand(podId: string | null): void
  readonly tally: IdleAlertTally
}

export interface IdleAlertTally {
  idleAlerts: number
  /** Required alerts. */
  idleAlertsDue: number
  /** The longest delay from the first observation that made an alert due to the alert, in polls. */
  longestDelayPolls: number
  /** Required alerts that quiet hours had deferred. */
  idleAlertsDeferred: number
}

export interface IdleAlertOracleOptions {
  readonly settings: () => Settings
  readonly userState: () => UserState
  readonly now: () => { readonly trueMs: number; readonly wallMs: number }
  /** Whether a user's stop of the pod goes on. */
  readonly isStopping: (podId: string) => boolean
  /** Whether an action on the pod may be in progress. */
  readonly mayBeActing: (podId: string) => boolean
  readonly log: (podId: string | null, text: string) => void
  readonly reportViolation: (podId: string | null, rule: string, text: string) => void
}

/** When an idle alert was shown, by true time and by the wall clock. `episode` null: it may not have been shown. */
interface ShownAlert {
  readonly atMs: number
  readonly wallMs: number
  readonly episode: string | null
}

export interface JudgedPod {
  name: string
  idle: IdleTally
  readonly alerts: ShownAlert[]
  /** Lists since an alert became due. */
  dueForLists: number
  /** It would be due but for quiet hours. */
  isDeferred: boolean
}

export function createIdleAlertOracle(options: IdleAlertOracleOptions): IdleAlertOracle {
  const { settings, userState, now, log, reportViolation } = options
  const pods = new Map<string, JudgedPod>()
  const tally: IdleAlertTally = {
    idleAlerts: 0,
    idleAlertsDue: 0,
    idleAlertsDeferred: 0,
    longestDelayPolls: 0,
  }
  const trueMs = (): number => now().trueMs
  const wallMs = (): number => now().wallMs

  const podOf = (podId: string): JudgedPod => {
    const known = pods.get(podId)
    if (known) return known
    const created: JudgedPod = { name: '', idle: emptyTally, alerts: [], dueForLists: 0, isDeferred: false }
    pods.set(podId, created)
    return created
  }
  const alertAfterMs = (podId: string): number =>
    (rulesOf(userState(), podId).idleAlertAfterMin ?? settings().idleAlertAfterMin) * MINUTE_MS
  const everyMs = (): number => settings().idleAlertEveryMin * MINUTE_MS

  function isAlertDue(podId: string, { idle, alerts }: JudgedPod): boolean {
    if (idle.atLeastMs < alertAfterMs(podId) || keptOn(userState(), podId, now()) !== 'no') return false
    if (arePaused(userState(), now()) !== 'no') return false
    const last = alerts.at(-1)
    if (last === undefined) return true
    const isAlreadyAlerted = idle.looseSinceMs === null || last.atMs >= idle.looseSinceMs
    const sinceMs = Math.min(trueMs() - last.atMs, Math.abs(wallMs() - last.wallMs))
    return !isAlreadyAlerted && sinceMs >= everyMs()
  }

  function isDue(podId: string, pod: JudgedPod): boolean {
    const isWorth = isAlertDue(podId, pod)
    const isDeferred = isWorth && isQuietTime(settings(), wallMs())
    if (isDeferred || !isWorth) pod.isDeferred = isDeferred
    return isWorth && !isDeferred
  }

  function checkIdleAlert(podId: string, alert: Alert): void {
    const pod = podOf(podId)
    const { idle, alerts } = pod
    const last = alerts.filter(({ episode }) => episode !== null).at(-1)
    tally.idleAlerts += 1
    if (!isIdle(idle.truth))
      reportViolation(podId, 'an idle alert is about an idle pod', `the last look showed it ${idle.truth}`)
    else if (idle.atMostMs < alertAfterMs(podId))
      reportViolation(
        podId,
        'no idle alert before its time',
        `${inMinutes(idle.atMostMs)} were observed at most`,
      )
    if (keptOn(userState(), podId, now()) === 'confirmed')
      reportViolation(podId, 'no idle alert of a pod that is kept on', 'it was')
    if (options.isStopping(podId))
      reportViolation(podId, 'no idle alert of a pod that a person is stopping', 'its stop was accepted')
    if (last) {
      const sinceMs = Math.max(trueMs() - last.atMs, Math.abs(wallMs() - last.wallMs))
      if (sinceMs < everyMs())
        reportViolation(
          podId,
          'at most one idle alert per pod in its time',
          `the last one was ${inMinutes(sinceMs)} ago`,
        )
      if (idle.strictSinceMs !== null && last.atMs >= idle.strictSinceMs)
        reportViolation(podId, 'one idle alert per episode', 'this one had its alert already')
    }
    tally.longestDelayPolls = Math.max(tally.longestDelayPolls, pod.dueForLists - 1)
    alerts.push({ atMs: trueMs(), wallMs: wallMs(), episode: alert.key.episode })
    pod.dueForLists = 0
  }

  /** An alert may have covered some of the pods, and it cannot be determined which. */
  function recordPossibleAlerts(): void {
    for (const [podId, { idle, alerts }] of pods)
      if (idle.atMostMs >= alertAfterMs(podId))
        alerts.push({ atMs: trueMs(), wallMs: wallMs(), episode: null })
  }

  /** The pods that an alert calls idle; one alert may name several. */
  function idlePodsOf({ key, title, body }: Alert): readonly string[] {
    if (key.podId !== null) return key.kind === 'idle' ? [key.podId] : []
    const isNamed = (name: string): boolean =>
      key.kind === 'idle' ? body.split(', ').includes(name) : body.includes(`${name} has been idle for`)
    return key.kind === 'idle' || title.endsWith(' updates')
      ? [...pods].filter(([, { name }]) => isNamed(name)).map(([podId]) => podId)
      : []
  }

  return {
    podOf,
    pods: () => pods,
    tally,
    recordPossibleAlerts,
    onListed(podId) {
      const pod = podOf(podId)
      // An alert that is due waits for figures.
      if (pod.idle.truth === 'unknown') return
      if (options.mayBeActing(podId) || !isDue(podId, pod)) {
        pod.dueForLists = 0
        return
      }
      const observedText = inMinutes(pod.idle.atLeastMs)
      pod.dueForLists += 1
      if (pod.dueForLists === 1) {
        tally.idleAlertsDue += 1
        if (pod.isDeferred) tally.idleAlertsDeferred += 1
        log(podId, `an idle alert is due: ${observedText}`)
      }
      if (pod.dueForLists === 3)
        reportViolation(podId, 'no idle alert is missed', `${observedText} were observed at least`)
    },
    onAlertShown(alert) {
      for (const podId of idlePodsOf(alert)) checkIdleAlert(podId, alert)
      // A combined alert names only the first pods.
      if (alert.key.podId === null && /and \d+ more$/.test(alert.body)) recordPossibleAlerts()
    },
    onCommand(podId) {
      for (const [id, pod] of pods) if (podId === null || id === podId) pod.dueForLists = 0
    },
  }
}

const inMinutes = (ms: number): string => `${(ms / MINUTE_MS).toFixed(1)} min`
