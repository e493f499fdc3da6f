import type { Alert, Delivery } from '../../src/core/alerts/alert'
import type { PodAction } from '../../src/core/pods/pod'
import type { ProviderErrorKind } from '../../src/core/pods/provider'
import type { Settings } from '../../src/core/settings/settings'
import { MINUTE_MS } from '../../src/core/base/time'
import { afterDisturbance, emptyTally, type IdleTally, updateTally } from './oracle-idle'
import { createUserOracle, type PersonCounts } from './oracle-user'
import { createStopOracle } from './oracle-stop'
import { arePaused, keptOn, rulesOf, type UserCommand, type UserState } from './user-commands'
import { isQuietTime } from './quiet-time'
import type { StopCounts } from './stop-counts'
import type { Observation } from './virtual-provider'

/*
 * Says whether the guard did right, from what truly was and what the program was told; it knows the product rules and
 * nothing of the product's code.
 */

/** A rule that was broken. `podId` null: of the account. */
export interface Violation {
  readonly atMs: number
  readonly podId: string | null
  readonly rule: string
  readonly text: string
}

/** What was there to be judged, so that a guard that does nothing does not pass for a good one. */
export interface Tally extends StopCounts, PersonCounts {
  samples: number
  idleAlerts: number
  /** Alerts that had to come. */
  idleAlertsDue: number
  /** From the first look that showed that an alert is due to the alert; in polls. */
  longestDelayPolls: number
  /** Alerts that had to come after quiet hours, which had held them back. */
  idleAlertsDeferred: number
}

export interface Oracle {
  onObserved(seen: readonly Observation[], isList: boolean): void
  onAlertShown(alert: Alert, delivery: Delivery): void
  /** A request of an action goes out. `failure`: how it will be answered. */
  onSending(podId: string, action: PodAction, failure: ProviderErrorKind | null): void
  onAction(podId: string, action: PodAction): void
  /** Something of which the rules leave open how it is counted. */
  onDisturbance(): void
  /** The program died; amid alerts, what it had marked as told may never have been shown. */
  onCrash(isDuringAlerts: boolean): void
  /** The program begins anew: it has seen nothing. */
  onRestart(): void
  /** What `told` says has just changed by it. */
  onCommand(command: UserCommand): void
  /** The program said no to it. */
  onCommandRefused(command: UserCommand): void
  /** A decision about a pod was written down. */
  onDecision(podId: string, text: string): void
  readonly tally: Tally
  readonly violations: readonly Violation[]
}

export interface OracleOptions {
  readonly settings: () => Settings
  readonly userState: () => UserState
  readonly now: () => { readonly trueMs: number; readonly wallMs: number }
  readonly log: (podId: string | null, text: string) => void
  /** What the pod can have cost since then (true time) at most, in truth. */
  readonly maxSpendUsd: (podId: string, sinceMs: number) => number
}

/** When an idle alert was shown: by true time, and by the wall clock. `episode` null: perhaps it was not. */
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

export function createOracle({ settings, userState, now, log, maxSpendUsd }: OracleOptions): Oracle {
  const pods = new Map<string, JudgedPod>()
  const violations: Violation[] = []
  const tally = { samples: 0, idleAlerts: 0, idleAlertsDue: 0, idleAlertsDeferred: 0, longestDelayPolls: 0 }
  const stops = createStopOracle({ settings, userState, now, maxSpendUsd, reportViolation })
  const user = createUserOracle({ settings, now, reportViolation })
  /** Of each pod: whether what goes out is what a person asked for. */
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

  /** What is not critical waits, but for an answer to what a person has just asked for. */
  function checkSilence({ key: { kind, podId }, isCritical, title }: Alert): void {
    const isAnswer = kind === 'action-ended' && podId !== null && user.wasRequested(podId)
    if (isCritical || isAnswer) return
    if (isQuietTime(settings(), wallMs())) reportViolation(podId, 'no news in quiet hours', title)
    if (arePaused(userState(), now()) === 'confirmed')
      reportViolation(podId, 'no news while alerts are paused', title)
  }

  /** What is no more than news is never said twice; what is critical once more after each death of the program. */
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
    if (idle.truth !== 'calm' && idle.truth !== 'active')
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

  /** Some pods were perhaps told of, and it cannot be seen which. */
  function recordPossibleAlerts(): void {
    for (const [podId, { idle, alerts }] of pods)
      if (idle.atMostMs >= alertAfterMs(podId))
        alerts.push({ atMs: trueMs(), wallMs: wallMs(), episode: null })
  }

  /** Whom an alert calls idle, be it one of several that are told together. */
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
    violations,
    onObserved(seen, isList) {
      for (const observation of seen) {
        const pod = podOf(observation.podId)
        const before = pod.idle
        pod.idle = updateTally(before, observation)
        pod.name = observation.pod.name
        tally.samples += 1
        if (pod.idle.truth !== before.truth) log(observation.podId, `is seen ${pod.idle.truth}`)
        stops.onObserved(observation, before, pod.idle, isList)
        user.onObserved(observation)
        if (!isList) continue
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
      // Of several that are told together only the first are named.
      if (podId === null && /and \d+ more$/.test(alert.body)) recordPossibleAlerts()
      if (podId === null) return
      stops.onAlertShown(podId, alert, delivery)
    },
    onSending(podId, action, failure) {
      const isWanted = user.onSending(podId, action, failure)
      isUserAction.set(podId, isWanted)
      log(podId, `a ${action} is sent${isWanted ? ', as a person wanted' : ''}`)
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
