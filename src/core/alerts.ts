import * as v from 'valibot'
import type { Decision } from './policy'
import type { AccountId, PodId } from './pod'

/** When what was announced, so that nothing is said twice; kept across restarts. Key: see `keyOf`. */
export type AlertMarks = Readonly<Record<string, AlertMark>>

export interface AlertMark {
  readonly kind: Decision['kind']
  readonly accountId: AccountId
  readonly podId: PodId
  readonly episode: number
  /** Unix ms. */
  readonly atMs: number
}

export interface AlertRules {
  /** At most one idle alert per pod within this many milliseconds. */
  readonly idleAlertEveryMs: number
}

/** Marks older than this serve no rule any more, unless their episode still lasts. */
const KEEP_MARKS_MS = 7 * 24 * 3_600_000

/**
 * Which decisions to announce at `nowMs`, and the marks to keep before they are shown: one alert per
 * episode, and at most one per pod in the rules' time. Product rules, "Idle policy".
 */
export function announce(
  decisions: readonly Decision[],
  marks: AlertMarks,
  nowMs: number,
  rules: AlertRules,
): { readonly toShow: readonly Decision[]; readonly marks: AlertMarks } {
  const toShow: Decision[] = []
  const next: Record<string, AlertMark> = {}
  const lasting = new Set(decisions.map((decision) => keyOf(markOf(decision, nowMs))))
  for (const [key, mark] of Object.entries(marks))
    if (lasting.has(key) || Math.abs(nowMs - mark.atMs) < KEEP_MARKS_MS) next[key] = mark
  for (const decision of decisions) {
    const mark = markOf(decision, nowMs)
    const isTold = Object.values(next).some(
      (other) =>
        other.kind === mark.kind &&
        other.accountId === mark.accountId &&
        other.podId === mark.podId &&
        (other.episode === mark.episode || Math.abs(nowMs - other.atMs) < rules.idleAlertEveryMs),
    )
    if (isTold) continue
    toShow.push(decision)
    next[keyOf(mark)] = mark
  }
  return { toShow, marks: next }
}

const markSchema = v.object({
  kind: v.literal('idle'),
  accountId: v.string(),
  podId: v.string(),
  episode: v.number(),
  atMs: v.number(),
})

/** Marks read back from a file; what is not one is dropped. */
export function parseMarks(value: unknown): AlertMarks {
  const marks: Record<string, AlertMark> = {}
  for (const entry of Object.values(typeof value === 'object' && value !== null ? value : {})) {
    const parsed = v.safeParse(markSchema, entry)
    if (parsed.success) marks[keyOf(parsed.output)] = parsed.output
  }
  return marks
}

function markOf({ kind, accountId, pod, episode }: Decision, atMs: number): AlertMark {
  return { kind, accountId, podId: pod.id, episode, atMs }
}

function keyOf({ kind, accountId, podId, episode }: AlertMark): string {
  return JSON.stringify([kind, accountId, podId, episode])
}
