import type { PodAction } from '../../src/core/pods/pod'
import type { ProviderErrorKind } from '../../src/core/pods/provider'
import type { Settings } from '../../src/core/settings/settings'
import { MINUTE_MS, SECOND_MS } from '../../src/core/base/time'
import type { Observation } from './virtual-provider'

/*
 * Says whether what a person asked for was sent, and nothing that was taken back, by the product rules, "Actions": some
 * seconds of undo, a death in them takes it back, and only a 429 is sent again.
 */

/** So long after its seconds it was surely sent, if nothing stood in the way. */
const SENT_WITHIN_MS = MINUTE_MS
/** An action that the API put off may be tried again for so long, and a little. */
const PUT_OFF_FOR_MS = 12 * MINUTE_MS

export interface PersonJudge {
  /** It was taken on. */
  asked(podId: string, action: 'stop' | 'restart'): void
  undone(podId: string): void
  undoRefused(podId: string): void
  /** A request goes out; whether it is the one that a person asked for. `failure`: how it will be answered. */
  sending(podId: string, action: PodAction, failure: ProviderErrorKind | null): boolean
  /** Whether something of the pod was taken back, and nothing was asked for since. */
  isTakenBack(podId: string): boolean
  observed(observation: Observation): void
  troubled(): void
  died(): void
  /** Whether the pod has been told anything by a person yet. */
  wasAsked(podId: string): boolean
  readonly counts: PersonCounts
}

export interface PersonCounts {
  readonly wishesSent: number
  readonly wishesUndone: number
  /** The program died in the seconds of undo. */
  readonly wishesLostToDeath: number
}

interface Wish {
  readonly action: 'stop' | 'restart'
  /** True time at which the seconds of its undo are over. */
  readonly dueMs: number
  readonly state: 'asked' | 'sent' | 'put-off' | 'taken-back'
  /** Something stood in its way, so that it may come late, or not at all. */
  readonly isDoubtful: boolean
  readonly sentAtMs: number | null
}

export interface PersonJudgeOptions {
  readonly settings: () => Settings
  readonly now: () => { readonly trueMs: number }
  readonly condemn: (podId: string | null, rule: string, words: string) => void
}

export function createPersonJudge({ settings, now, condemn }: PersonJudgeOptions): PersonJudge {
  const wishes = new Map<string, Wish>()
  const counts = { wishesSent: 0, wishesUndone: 0, wishesLostToDeath: 0 }

  function change(podId: string, changes: Partial<Wish>): void {
    const wish = wishes.get(podId)
    if (wish) wishes.set(podId, { ...wish, ...changes })
  }
  const isUnsent = ({ state }: Wish): boolean => state === 'asked' || state === 'put-off'

  return {
    counts,
    asked(podId, action) {
      const dueMs = now().trueMs + settings().undoS * SECOND_MS
      wishes.set(podId, { action, dueMs, state: 'asked', isDoubtful: false, sentAtMs: null })
    },
    undone(podId) {
      const wish = wishes.get(podId)
      if (!wish || !isUnsent(wish))
        condemn(
          podId,
          'only what was not sent can be taken back',
          `it was ${wish?.state ?? 'never asked for'}`,
        )
      change(podId, { state: 'taken-back' })
      counts.wishesUndone += 1
    },
    undoRefused(podId) {
      const wish = wishes.get(podId)
      if (wish?.state === 'asked' && !wish.isDoubtful && now().trueMs < wish.dueMs)
        condemn(podId, 'a person has some seconds to take it back', 'the undo was refused in them')
    },
    sending(podId, action, failure) {
      const wish = wishes.get(podId)
      const { trueMs } = now()
      if (wish === undefined || wish.action !== action || !isUnsent(wish)) return false
      if (wish.state === 'put-off' && trueMs - (wish.sentAtMs ?? 0) > PUT_OFF_FOR_MS && !wish.isDoubtful)
        return false
      if (trueMs < wish.dueMs)
        condemn(
          podId,
          'a person has some seconds to take it back',
          `it was sent ${wish.dueMs - trueMs} ms before their end`,
        )
      const state = failure === 'rate-limited' ? 'put-off' : 'sent'
      change(podId, { state, sentAtMs: wish.sentAtMs ?? trueMs })
      counts.wishesSent += 1
      return true
    },
    isTakenBack: (podId) => wishes.get(podId)?.state === 'taken-back',
    observed({ podId, pod }) {
      const wish = wishes.get(podId)
      if (wish?.state !== 'asked' || now().trueMs - wish.dueMs < SENT_WITHIN_MS) return
      if (!wish.isDoubtful)
        condemn(
          podId,
          'what a person asked for is sent',
          `its ${wish.action} was not, a minute after its seconds`,
        )
      // Late, it is only for a pod that is as it was.
      else if (pod.phase !== 'running') change(podId, { state: 'taken-back' })
    },
    troubled() {
      for (const podId of wishes.keys()) change(podId, { isDoubtful: true })
    },
    died() {
      for (const [podId, { state }] of wishes) {
        if (state !== 'asked') continue
        counts.wishesLostToDeath += 1
        change(podId, { state: 'taken-back' })
      }
    },
    wasAsked: (podId) => wishes.has(podId),
  }
}
