import type { Alert, Delivery } from '../../src/core/alerts/alert'
import type { PodAction } from '../../src/core/pods/pod'
import type { ProviderErrorKind } from '../../src/core/pods/provider'
import type { Settings } from '../../src/core/settings/settings'
import { MINUTE_MS } from '../../src/core/base/time'
import { afterTrouble, type IdleTally, newTally, withLook } from './judge-idle'
import { createPersonJudge, type PersonCounts } from './judge-person'
import { createStopJudge } from './judge-stop'
import { arePaused, keptOn, type Order, rulesOf, type Told } from './orders'
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
  readonly words: string
}

/** What was there to be judged, so that a guard that does nothing does not pass for a good one. */
export interface Tally extends StopCounts, PersonCounts {
  looks: number
  idleAlerts: number
  /** Alerts that had to come. */
  idleAlertsDue: number
  /** From the first look that showed that an alert is due to the alert; in polls. */
  longestDelayPolls: number
  /** Alerts that had to come after quiet hours, which had held them back. */
  idleAlertsHeldBack: number
}

export interface Judge {
  observed(seen: readonly Observation[], isList: boolean): void
  shown(alert: Alert, delivery: Delivery): void
  /** A request of an action goes out. `failure`: how it will be answered. */
  sending(podId: string, action: PodAction, failure: ProviderErrorKind | null): void
  acted(podId: string, action: PodAction): void
  /** Something of which the rules leave open how it is counted. */
  troubled(): void
  /** The program died; amid alerts, what it had marked as told may never have been shown. */
  died(isAmidAlerts: boolean): void
  /** The program begins anew: it has seen nothing. */
  restarted(): void
  /** What `told` says has just changed by it. */
  ordered(order: Order): void
  /** The program said no to it. */
  refused(order: Order): void
  /** A decision about a pod was written down. */
  decided(podId: string, text: string): void
  readonly tally: Tally
  readonly violations: readonly Violation[]
}

export interface JudgeOptions {
  readonly settings: () => Settings
  readonly told: () => Told
  readonly now: () => { readonly trueMs: number; readonly wallMs: number }
  readonly note: (podId: string | null, words: string) => void
  /** What the pod can have cost since then (true time) at most, in truth. */
  readonly spentAtMostUsd: (podId: string, sinceMs: number) => number
}

/** When an idle alert was shown: by true time, and by the wall clock. `episode` null: perhaps it was not. */
interface ToldAlert {
  readonly atMs: number
  readonly wallMs: number
  readonly episode: string | null
}

interface JudgedPod {
  name: string
  idle: IdleTally
  readonly alerts: ToldAlert[]
  /** Lists since an alert became due. */
  dueForLists: number
  /** It would be due but for quiet hours. */
  isHeldBack: boolean
}

export function createJudge({ settings, told, now, note, spentAtMostUsd }: JudgeOptions): Judge {
  const pods = new Map<string, JudgedPod>()
  const violations: Violation[] = []
  const tally = { looks: 0, idleAlerts: 0, idleAlertsDue: 0, idleAlertsHeldBack: 0, longestDelayPolls: 0 }
  const stops = createStopJudge({ settings, told, now, spentAtMostUsd, condemn })
  const person = createPersonJudge({ settings, now, condemn })
  /** Of each pod: whether what goes out is what a person asked for. */
  const isForPerson = new Map<string, boolean>()
  const trueMs = (): number => now().trueMs
  const wallMs = (): number => now().wallMs

  const shownKeys = new Map<string, { readonly times: number; readonly kills: number }>()
  let kills = 0

  const podOf = (podId: string): JudgedPod => {
    const known = pods.get(podId)
    if (known) return known
    const fresh: JudgedPod = { name: '', idle: newTally, alerts: [], dueForLists: 0, isHeldBack: false }
    pods.set(podId, fresh)
    return fresh
  }
  function condemn(podId: string | null, rule: string, words: string): void {
    violations.push({ atMs: trueMs(), podId, rule, words })
    note(podId, `VIOLATION of "${rule}": ${words}`)
  }
  const alertAfterMs = (podId: string): number =>
    (rulesOf(told(), podId).idleAlertAfterMin ?? settings().idleAlertAfterMin) * MINUTE_MS
  const everyMs = (): number => settings().idleAlertEveryMin * MINUTE_MS

  function isWorthTelling(podId: string, { idle, alerts }: JudgedPod): boolean {
    if (idle.atLeastMs < alertAfterMs(podId) || keptOn(told(), podId, now()) !== 'no') return false
    if (arePaused(told(), now()) !== 'no') return false
    const last = alerts.at(-1)
    if (last === undefined) return true
    const isToldOfThis = idle.looseSinceMs === null || last.atMs >= idle.looseSinceMs
    const sinceMs = Math.min(trueMs() - last.atMs, Math.abs(wallMs() - last.wallMs))
    return !isToldOfThis && sinceMs >= everyMs()
  }

  function isDue(podId: string, pod: JudgedPod): boolean {
    const isWorth = isWorthTelling(podId, pod)
    const isHeldBack = isWorth && isQuietTime(settings(), wallMs())
    if (isHeldBack || !isWorth) pod.isHeldBack = isHeldBack
    return isWorth && !isHeldBack
  }

  /** What is not critical waits, but for an answer to what a person has just asked for. */
  function judgeSilence({ key: { kind, podId }, isCritical, title }: Alert): void {
    const isAnswer = kind === 'action-ended' && podId !== null && person.wasAsked(podId)
    if (isCritical || isAnswer) return
    if (isQuietTime(settings(), wallMs())) condemn(podId, 'no news in quiet hours', title)
    if (arePaused(told(), now()) === 'surely') condemn(podId, 'no news while alerts are paused', title)
  }

  /** What is no more than news is never said twice; what is critical once more after each death of the program. */
  function judgeRepeat({ key, isCritical }: Alert, delivery: Delivery): void {
    if (delivery === 'failed' && isCritical) return
    const name = JSON.stringify(key)
    const before = shownKeys.get(name) ?? { times: 0, kills }
    if (before.times > (isCritical ? kills - before.kills : 0))
      condemn(key.podId, 'no alert is shown twice', name)
    shownKeys.set(name, { ...before, times: before.times + 1 })
  }

  function judgeIdleAlert(podId: string, alert: Alert): void {
    const pod = podOf(podId)
    const { idle, alerts } = pod
    const last = alerts.filter(({ episode }) => episode !== null).at(-1)
    tally.idleAlerts += 1
    if (idle.truth !== 'calm' && idle.truth !== 'stirring')
      condemn(podId, 'an idle alert is about an idle pod', `the last look showed it ${idle.truth}`)
    else if (idle.atMostMs < alertAfterMs(podId))
      condemn(podId, 'no idle alert before its time', `${inMinutes(idle.atMostMs)} were observed at most`)
    if (keptOn(told(), podId, now()) === 'surely')
      condemn(podId, 'no idle alert of a pod that is kept on', 'it was')
    if (last) {
      const sinceMs = Math.max(trueMs() - last.atMs, Math.abs(wallMs() - last.wallMs))
      if (sinceMs < everyMs())
        condemn(
          podId,
          'at most one idle alert per pod in its time',
          `the last one was ${inMinutes(sinceMs)} ago`,
        )
      if (idle.strictSinceMs !== null && last.atMs >= idle.strictSinceMs)
        condemn(podId, 'one idle alert per episode', 'this one was told already')
    }
    tally.longestDelayPolls = Math.max(tally.longestDelayPolls, pod.dueForLists - 1)
    alerts.push({ atMs: trueMs(), wallMs: wallMs(), episode: alert.key.episode })
    pod.dueForLists = 0
  }

  /** Some pods were perhaps told of, and it cannot be seen which. */
  function perhapsTold(): void {
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
      return { ...tally, ...stops.counts, ...person.counts }
    },
    violations,
    observed(seen, isList) {
      for (const observation of seen) {
        const pod = podOf(observation.podId)
        const before = pod.idle
        pod.idle = withLook(before, observation)
        pod.name = observation.pod.name
        tally.looks += 1
        if (pod.idle.truth !== before.truth) note(observation.podId, `is seen ${pod.idle.truth}`)
        stops.observed(observation, before, pod.idle, isList)
        person.observed(observation)
        if (!isList) continue
        if (!isDue(observation.podId, pod)) pod.dueForLists = 0
        else {
          pod.dueForLists += 1
          if (pod.dueForLists === 1) {
            tally.idleAlertsDue += 1
            if (pod.isHeldBack) tally.idleAlertsHeldBack += 1
            note(observation.podId, `an idle alert is due: ${inMinutes(pod.idle.atLeastMs)}`)
          }
          if (pod.dueForLists === 3)
            condemn(
              observation.podId,
              'no idle alert is missed',
              `${inMinutes(pod.idle.atLeastMs)} were observed at least`,
            )
        }
      }
    },
    shown(alert, delivery) {
      const { podId } = alert.key
      note(podId, `${delivery}: ${alert.title}. ${alert.body}`)
      judgeRepeat(alert, delivery)
      judgeSilence(alert)
      for (const idlePodId of idlePodsOf(alert)) judgeIdleAlert(idlePodId, alert)
      // Of several that are told together only the first are named.
      if (podId === null && /and \d+ more$/.test(alert.body)) perhapsTold()
      if (podId === null) return
      stops.shown(podId, alert, delivery)
    },
    sending(podId, action, failure) {
      const isWanted = person.sending(podId, action, failure)
      isForPerson.set(podId, isWanted)
      note(podId, `a ${action} is sent${isWanted ? ', as a person wanted' : ''}`)
      if (!isWanted && person.isTakenBack(podId) && !stops.isSeenAfresh(podId))
        condemn(podId, 'what was taken back is never sent', `a ${action} went out`)
    },
    acted(podId, action) {
      note(podId, `${action} reached the cloud`)
      if (isForPerson.get(podId) === true) stops.actedForPerson(podId)
      else stops.acted(podId, action)
    },
    troubled() {
      person.troubled()
      for (const pod of pods.values()) pod.idle = afterTrouble(pod.idle)
      stops.troubled(null)
    },
    ordered(order) {
      const podId = 'podId' in order ? order.podId : null
      for (const [id, pod] of pods) if (podId === null || id === podId) pod.dueForLists = 0
      stops.troubled(podId)
      stops.ordered(order)
      if (order.does === 'act') person.asked(order.podId, order.action)
      if (order.does === 'undo') person.undone(order.podId)
    },
    refused(order) {
      if (order.does === 'undo') person.undoRefused(order.podId)
    },
    decided(podId, text) {
      note(podId, `decided: ${text}`)
      stops.decided(podId, text)
    },
    died(isAmidAlerts) {
      kills += 1
      person.died()
      if (!isAmidAlerts) return
      perhapsTold()
    },
    restarted() {
      for (const pod of pods.values()) pod.idle = newTally
      stops.restarted()
    },
  }
}

const inMinutes = (ms: number): string => `${(ms / MINUTE_MS).toFixed(1)} min`
