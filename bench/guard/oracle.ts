import type { Alert, Delivery } from '../../src/core/alerts/alert'
import type { PodAction } from '../../src/core/pods/pod'
import type { Settings } from '../../src/core/settings/settings'
import { MINUTE_MS } from '../../src/core/base/time'
import type { ActivityLimits } from './activity-limits'
import { afterDisturbance, emptyTally, type IdleTally, isIdle, updateTally } from './oracle-idle'
import { createRequestOracle } from './oracle-requests'
import { createUserOracle, type PersonCounts } from './oracle-user'
import { createStopOracle } from './oracle-stop'
import { arePaused, keptOn, rulesOf, type UserCommand, type UserState } from './user-commands'
import { isQuietTime } from './quiet-time'
import type { LivenessFigures, StopCounts } from './stop-counts'
import type { ActionAnswer, Observation } from './virtual-provider'

/*
 * Checks the guard's decisions against what really happened and what the program was told. It follows
 * docs/product-rules.md and uses none of the product's logic.
 */

/** A violated rule. `podId` null: it concerns the account. */
export interface Violation {
  readonly atMs: number
  readonly podId: string | null
  readonly rule: string
  readonly text: string
}

/** What was checked, so that a guard that does nothing doesn't pass. */
export interface Tally extends StopCounts, PersonCounts {
  samples: number
  idleAlerts: number
  /** Required alerts. */
  idleAlertsDue: number
  /** The longest delay from the first observation that made an alert due to the alert, in polls. */
  longestDelayPolls: number
  /** Required alerts that quiet hours had deferred. */
  idleAlertsDeferred: number
}

export interface Oracle {
  onObserved(seen: readonly Observation[], isList: boolean): void
  onAlertShown(alert: Alert, delivery: Delivery): void
  onListing(): void
  onSending(podId: string, action: PodAction, answer: ActionAnswer): void
  onAction(podId: string, action: PodAction): void
  onLook(podId: string, verdict: 'at-rest' | 'working'): void
  /** A disturbance for which the rules don't define the counting. */
  onDisturbance(): void
  /** An outage begins or ends: what a user asked for may be late, and what was observed stays. */
  onOutage(): void
  /** The program crashed. If it was showing alerts, those marked as shown may never have appeared. */
  onCrash(isDuringAlerts: boolean): void
  /** The program restarts without any observations. */
  onRestart(): void
  /** `userState` has just been updated by this command. */
  onCommand(command: UserCommand): void
  /** The program rejected the command. */
  onCommandRefused(command: UserCommand): void
  /** Timers run without end. */
  onHotLoop(): void
  /** Something in the program threw. */
  onException(text: string): void
  /** A decision about a pod was written to the audit log. */
  onDecision(podId: string, text: string): void
  readonly tally: Tally
  readonly liveness: LivenessFigures
  readonly violations: readonly Violation[]
}

export interface OracleOptions {
  readonly settings: () => Settings
  readonly userState: () => UserState
  readonly now: () => { readonly trueMs: number; readonly wallMs: number }
  readonly log: (podId: string | null, text: string) => void
  /** The maximum that the pod can really have cost since then (true time). */
  readonly maxSpendUsd: (podId: string, sinceMs: number) => number
  readonly isHostKeyTrusted: (podId: string) => boolean
  readonly limits: ActivityLimits
  readonly pollMs: number
}

/** When an idle alert was shown, by true time and by the wall clock. `episode` null: it may not have been shown. */
interface ShownAlert {
  readonly atMs: number
  readonly wallMs: number
  readonly episode: string | null
}

interface JudgedPod {
  name: string
  idle: IdleTally
  readonly alerts: ShownAlert[]
  /** Lists since an alert became due. */
  dueForLists: number
  /** It would be due but for quiet hours. */
  isDeferred: boolean
}

export function createOracle(options: OracleOptions): Oracle {
  const { settings, userState, now, log, limits } = options
  const pods = new Map<string, JudgedPod>()
  const violations: Violation[] = []
  const tally = { samples: 0, idleAlerts: 0, idleAlertsDue: 0, idleAlertsDeferred: 0, longestDelayPolls: 0 }
  const stops = createStopOracle({ ...options, reportViolation })
  const user = createUserOracle({ settings, now, reportViolation })
  const requests = createRequestOracle(() => now().trueMs, reportViolation)
  /** For each pod, whether the request being sent is the user's. */
  const isUserAction = new Map<string, boolean>()
  const trueMs = (): number => now().trueMs
  const wallMs = (): number => now().wallMs

  const shownKeys = new Map<string, { readonly times: number; readonly kills: number }>()
  let kills = 0

  const podOf = (podId: string): JudgedPod => {
    const known = pods.get(podId)
    if (known) return known
    const created: JudgedPod = { name: '', idle: emptyTally, alerts: [], dueForLists: 0, isDeferred: false }
    pods.set(podId, created)
    return created
  }
  function reportViolation(podId: string | null, rule: string, text: string): void {
    violations.push({ atMs: trueMs(), podId, rule, text })
    log(podId, `VIOLATION of "${rule}": ${text}`)
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

  /** Alerts that are not critical are deferred, except replies to a recent user action. */
  function checkSilence({ key: { kind, podId }, isCritical, title }: Alert): void {
    const isAnswer = kind === 'action-ended' && podId !== null && user.wasRequested(podId)
    if (isCritical || isAnswer) return
    if (isQuietTime(settings(), wallMs())) reportViolation(podId, 'no news in quiet hours', title)
    if (arePaused(userState(), now()) === 'confirmed')
      reportViolation(podId, 'no news while alerts are paused', title)
  }

  /** Informational alerts are never repeated; critical ones are repeated once after each crash. */
  function checkRepeat({ key, isCritical }: Alert, delivery: Delivery): void {
    if (delivery === 'failed' && isCritical) return
    const name = JSON.stringify(key)
    const before = shownKeys.get(name) ?? { times: 0, kills }
    if (before.times > (isCritical ? kills - before.kills : 0))
      reportViolation(key.podId, 'no alert is shown twice', name)
    shownKeys.set(name, { ...before, times: before.times + 1 })
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
    if (last) {
      const sinceMs = Math.max(trueMs() - last.atMs, Math.abs(wallMs() - last.wallMs))
      if (sinceMs < everyMs())
        reportViolation(
          podId,
          'at most one idle alert per pod in its time',
          `the last one was ${inMinutes(sinceMs)} ago`,
        )
      if (idle.strictSinceMs !== null && last.atMs >= idle.strictSinceMs)
        reportViolation(podId, 'one idle alert per episode', 'this one was told already')
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
      key.kind === 'idle' ? body.split(', ').includes(name) : body.includes(`${name} is idle for`)
    return key.kind === 'idle' || title.endsWith(' things happened')
      ? [...pods].filter(([, { name }]) => isNamed(name)).map(([podId]) => podId)
      : []
  }

  return {
    get tally() {
      return { ...tally, ...stops.counts, ...user.counts }
    },
    get liveness() {
      return stops.liveness
    },
    violations,
    onListing: requests.onListing,
    onLook(podId, verdict) {
      log(podId, `a look from inside finds it ${verdict}`)
      stops.onLook(podId, verdict)
    },
    onObserved(seen, isList) {
      for (const observation of seen) {
        const pod = podOf(observation.podId)
        const before = pod.idle
        pod.idle = updateTally(before, observation, limits)
        pod.name = observation.pod.name
        tally.samples += 1
        if (pod.idle.truth !== before.truth) log(observation.podId, `is seen ${pod.idle.truth}`)
        stops.onObserved(observation, before, pod.idle, isList)
        user.onObserved(observation)
        // An alert that is due waits for figures.
        if (!isList || pod.idle.truth === 'unknown') continue
        if (!isDue(observation.podId, pod)) pod.dueForLists = 0
        else {
          pod.dueForLists += 1
          if (pod.dueForLists === 1) {
            tally.idleAlertsDue += 1
            if (pod.isDeferred) tally.idleAlertsDeferred += 1
            log(observation.podId, `an idle alert is due: ${inMinutes(pod.idle.atLeastMs)}`)
          }
          if (pod.dueForLists === 3)
            reportViolation(
              observation.podId,
              'no idle alert is missed',
              `${inMinutes(pod.idle.atLeastMs)} were observed at least`,
            )
        }
      }
    },
    onAlertShown(alert, delivery) {
      const { podId } = alert.key
      log(podId, `${delivery}: ${alert.title}. ${alert.body}`)
      checkRepeat(alert, delivery)
      checkSilence(alert)
      for (const idlePodId of idlePodsOf(alert)) checkIdleAlert(idlePodId, alert)
      // A combined alert names only the first pods.
      if (podId === null && /and \d+ more$/.test(alert.body)) recordPossibleAlerts()
      if (podId === null) return
      stops.onAlertShown(podId, alert, delivery)
    },
    onSending(podId, action, answer) {
      requests.onSending(podId)
      const isWanted = user.onSending(podId, action, answer.failure)
      isUserAction.set(podId, isWanted)
      const answerText = answer.failure === null ? '' : `, and answered with ${answer.failure}`
      log(podId, `a ${action} is sent${isWanted ? ', as a person wanted' : ''}${answerText}`)
      if (!isWanted) stops.onSending(podId, action, answer)
      if (!isWanted && user.isTakenBack(podId) && !stops.isFreshlyObserved(podId))
        reportViolation(podId, 'what was taken back is never sent', `a ${action} went out`)
    },
    onAction(podId, action) {
      log(podId, `${action} reached the cloud`)
      if (isUserAction.get(podId) === true) stops.onUserAction(podId)
      else stops.onAction(podId, action)
    },
    onDisturbance() {
      user.onDisturbance()
      for (const pod of pods.values()) pod.idle = afterDisturbance(pod.idle)
      stops.onDisturbance(null)
    },
    onOutage: () => user.onDisturbance(),
    onCommand(command) {
      const podId = 'podId' in command ? command.podId : null
      for (const [id, pod] of pods) if (podId === null || id === podId) pod.dueForLists = 0
      stops.onDisturbance(podId)
      stops.onCommand(command)
      if (command.type === 'act') user.onRequested(command.podId, command.action)
      if (command.type === 'undo') user.onUndone(command.podId)
    },
    onCommandRefused(command) {
      if (command.type === 'undo') user.onUndoRefused(command.podId)
    },
    onHotLoop: () => reportViolation(null, 'nothing runs in a hot loop', 'timers without end'),
    onException: (text) => reportViolation(null, 'nothing throws', text),
    onDecision(podId, text) {
      log(podId, `decided: ${text}`)
      stops.onDecision(podId, text)
    },
    onCrash(isDuringAlerts) {
      kills += 1
      user.onCrash()
      if (!isDuringAlerts) return
      recordPossibleAlerts()
    },
    onRestart() {
      for (const pod of pods.values()) pod.idle = emptyTally
      stops.onRestart()
    },
  }
}

const inMinutes = (ms: number): string => `${(ms / MINUTE_MS).toFixed(1)} min`
