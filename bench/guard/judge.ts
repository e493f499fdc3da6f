import type { Alert, Delivery } from '../../src/core/ports'
import type { PodAction } from '../../src/core/pod'
import type { Settings } from '../../src/core/settings'
import { MINUTE_MS } from '../../src/core/time'
import type { IdleTally } from './judge-idle'
import { afterTrouble, newTally, withLook } from './judge-idle'
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
export interface Tally {
  looks: number
  idleAlerts: number
  /** Alerts that had to come. */
  idleAlertsDue: number
  /** From the first look that showed that an alert is due to the alert; in polls. */
  longestDelayPolls: number
}

export interface Judge {
  observed(seen: readonly Observation[], isList: boolean): void
  shown(alert: Alert, delivery: Delivery): void
  acted(podId: string, action: PodAction): void
  /** Something of which the rules leave open how it is counted. */
  troubled(): void
  /** The program died; amid alerts, what it had marked as told may never have been shown. */
  died(isAmidAlerts: boolean): void
  /** The program begins anew: it has seen nothing. */
  restarted(): void
  /** The wall clock was set. */
  jumped(byMs: number): void
  readonly tally: Tally
  readonly violations: readonly Violation[]
}

export interface JudgeOptions {
  readonly settings: () => Settings
  readonly trueMs: () => number
  readonly note: (podId: string | null, words: string) => void
}

/** When an idle alert was shown: by true time, and by the wall clock. `episode` null: perhaps it was not. */
interface Told {
  readonly atMs: number
  readonly wallMs: number
  readonly episode: string | null
}

interface JudgedPod {
  idle: IdleTally
  readonly told: Told[]
  /** Lists since an alert became due. */
  dueForLists: number
}

export function createJudge({ settings, trueMs, note }: JudgeOptions): Judge {
  const pods = new Map<string, JudgedPod>()
  const violations: Violation[] = []
  const tally: Tally = { looks: 0, idleAlerts: 0, idleAlertsDue: 0, longestDelayPolls: 0 }
  let wallOffsetMs = 0

  const podOf = (podId: string): JudgedPod => {
    const known = pods.get(podId)
    if (known) return known
    const fresh: JudgedPod = { idle: newTally, told: [], dueForLists: 0 }
    pods.set(podId, fresh)
    return fresh
  }
  function condemn(podId: string | null, rule: string, words: string): void {
    violations.push({ atMs: trueMs(), podId, rule, words })
    note(podId, `VIOLATION of "${rule}": ${words}`)
  }
  const alertAfterMs = (): number => settings().idleAlertAfterMin * MINUTE_MS
  const everyMs = (): number => settings().idleAlertEveryMin * MINUTE_MS

  function isDue({ idle, told }: JudgedPod): boolean {
    if (idle.atLeastMs < alertAfterMs()) return false
    const last = told.at(-1)
    if (last === undefined) return true
    const isToldOfThis = idle.looseSinceMs === null || last.atMs >= idle.looseSinceMs
    const sinceMs = Math.min(trueMs() - last.atMs, Math.abs(trueMs() + wallOffsetMs - last.wallMs))
    return !isToldOfThis && sinceMs >= everyMs()
  }

  function judgeIdleAlert(podId: string, alert: Alert): void {
    const pod = podOf(podId)
    const { idle, told } = pod
    const last = told.filter(({ episode }) => episode !== null).at(-1)
    tally.idleAlerts += 1
    if (idle.truth !== 'calm' && idle.truth !== 'stirring')
      condemn(podId, 'an idle alert is about an idle pod', `the last look showed it ${idle.truth}`)
    else if (idle.atMostMs < alertAfterMs())
      condemn(podId, 'no idle alert before its time', `${inMinutes(idle.atMostMs)} were observed at most`)
    const wallMs = trueMs() + wallOffsetMs
    if (last) {
      const sinceMs = Math.max(trueMs() - last.atMs, Math.abs(wallMs - last.wallMs))
      if (sinceMs < everyMs())
        condemn(
          podId,
          'at most one idle alert per pod in its time',
          `the last one was ${inMinutes(sinceMs)} ago`,
        )
      if (idle.strictSinceMs !== null && last.atMs >= idle.strictSinceMs)
        condemn(podId, 'one idle alert per episode', 'this one was told already')
    }
    if (told.some(({ episode }) => episode === alert.key.episode))
      condemn(podId, 'no alert is shown twice', `its key is ${JSON.stringify(alert.key)}`)
    tally.longestDelayPolls = Math.max(tally.longestDelayPolls, pod.dueForLists - 1)
    told.push({ atMs: trueMs(), wallMs, episode: alert.key.episode })
    pod.dueForLists = 0
  }

  return {
    tally,
    violations,
    observed(seen, isList) {
      for (const observation of seen) {
        const pod = podOf(observation.podId)
        const before = pod.idle
        pod.idle = withLook(before, observation)
        tally.looks += 1
        if (pod.idle.truth !== before.truth) note(observation.podId, `is seen ${pod.idle.truth}`)
        if (!isList) continue
        if (!isDue(pod)) pod.dueForLists = 0
        else {
          pod.dueForLists += 1
          if (pod.dueForLists === 1) {
            tally.idleAlertsDue += 1
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
      note(alert.key.podId, `${delivery}: ${alert.title}`)
      if (alert.key.kind === 'idle' && alert.key.podId !== null) judgeIdleAlert(alert.key.podId, alert)
    },
    acted(podId, action) {
      note(podId, `${action} reached the cloud`)
    },
    troubled() {
      for (const pod of pods.values()) pod.idle = afterTrouble(pod.idle)
    },
    died(isAmidAlerts) {
      if (!isAmidAlerts) return
      for (const { idle, told } of pods.values())
        if (idle.atMostMs >= alertAfterMs())
          told.push({ atMs: trueMs(), wallMs: trueMs() + wallOffsetMs, episode: null })
    },
    restarted() {
      for (const pod of pods.values()) pod.idle = newTally
    },
    jumped(byMs) {
      wallOffsetMs += byMs
    },
  }
}

const inMinutes = (ms: number): string => `${(ms / MINUTE_MS).toFixed(1)} min`
