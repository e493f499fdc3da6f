import { type AlertMark, type AlertMarks, nameOfAlert, prunedMarks } from './alert-history'
import type { AlertKind, Announcement } from './alert'
import { HOUR_MS } from '../base/time'

/** Why something that holds is not shown. */
export type SilencedBy =
  /** Its kind is switched off. */
  | 'switch'
  /** It came about while nobody looked. */
  | 'missed'
  | 'pause'
  | 'quiet-hours'
  /** The last of its kind and pod is too near. */
  | 'recent'
  /** Its kind and pod changed too often, which was said. */
  | 'flapping'

export interface AlertRules {
  readonly isOn: (kind: AlertKind) => boolean
  readonly arePaused: boolean
  readonly isQuietTime: boolean
  /** At most one of this kind per pod within so many milliseconds; 0: any number. */
  readonly onceInMs: (kind: AlertKind) => number
}

/** What to do about one announcement, now. */
export type Step =
  /** `changes`: it is said as the summary of so many within the hour; null: in its own words. */
  | { readonly kind: 'say'; readonly announcement: Announcement; readonly changes: number | null }
  /** To be written down as silenced. */
  | { readonly kind: 'silence'; readonly announcement: Announcement; readonly by: SilencedBy }

export interface Plan {
  readonly steps: readonly Step[]
  /** To be kept before anything is shown. A critical announcement is not in them: it is marked once it was taken. */
  readonly marks: AlertMarks
}

/** More changes of one pod and kind than this within the hour are said once, together. */
const MAX_CHANGES = 4
const FLAPPING_MS = HOUR_MS

/**
 * What to say of all that holds at `nowMs` (Unix ms), in its order. `isWhole` false: more may hold, as when a look
 * failed. Product rules, "Alerts".
 */
export function planAlerts(
  found: readonly Announcement[],
  marks: AlertMarks,
  nowMs: number,
  rules: AlertRules,
  isWhole: boolean,
): Plan {
  const unsettled = found.filter(({ key }) => isUnsettled(marks[nameOfAlert(key)]))
  if (unsettled.length === 0) return { steps: [], marks }

  const holding = isWhole ? new Set(found.map(({ key }) => nameOfAlert(key))) : null
  const next: Record<string, AlertMark> = { ...prunedMarks(marks, holding, nowMs) }
  const siblings = siblingsOf(next)
  const steps: Step[] = []
  let isChanged = false
  for (const announcement of unsettled) {
    const name = nameOfAlert(announcement.key)
    const before = next[name]
    if (!isUnsettled(before)) continue
    const others = siblings.of(announcement)
    const by = silencedBy(announcement, before, others, nowMs, rules)
    if (by === null) {
      const changes = countChanges(announcement, others, nowMs)
      steps.push({ kind: 'say', announcement, changes })
      if (announcement.isCritical) continue
      if (changes !== null) keep(summaryMark(announcement, nowMs))
      keep(markOf(announcement, nowMs, 'said'))
    } else if (before === undefined) {
      steps.push({ kind: 'silence', announcement, by })
      keep(markOf(announcement, nowMs, by === 'missed' ? 'dropped' : 'held'))
    }
  }
  return { steps, marks: isChanged ? next : marks }

  function keep(mark: AlertMark): void {
    next[nameOfAlert(mark)] = mark
    siblings.add(mark)
    isChanged = true
  }
}

export function markOf(
  { key: { kind, accountId, podId, episode } }: Pick<Announcement, 'key'>,
  atMs: number,
  state: AlertMark['state'],
): AlertMark {
  return { kind, accountId, podId, episode, atMs, state }
}

const isUnsettled = (mark: AlertMark | undefined): boolean => mark === undefined || mark.state === 'held'

function silencedBy(
  { key, isCritical, isMissed, isAnswer }: Announcement,
  before: AlertMark | undefined,
  others: readonly AlertMark[],
  nowMs: number,
  rules: AlertRules,
): SilencedBy | null {
  if (isMissed === true && !isCritical && before === undefined) return 'missed'
  if (!rules.isOn(key.kind)) return 'switch'
  if (isCritical) return null
  if (rules.arePaused && isAnswer !== true) return 'pause'
  if (rules.isQuietTime && isAnswer !== true) return 'quiet-hours'
  const onceInMs = rules.onceInMs(key.kind)
  if (others.some(({ state, atMs }) => state === 'said' && isWithin(atMs, nowMs, onceInMs))) return 'recent'
  return others.some((other) => isSummary(other) && isWithin(other.atMs, nowMs, FLAPPING_MS))
    ? 'flapping'
    : null
}

/** How often this kind changed for this pod within the hour, this time included; null: not too often, or critical. */
function countChanges(
  { key, isCritical }: Announcement,
  others: readonly AlertMark[],
  nowMs: number,
): number | null {
  if (isCritical || key.podId === null) return null
  // No summary is among them: one of this hour would have silenced it.
  const earlier = others.filter(
    ({ episode, atMs }) => episode !== key.episode && isWithin(atMs, nowMs, FLAPPING_MS),
  )
  return earlier.length >= MAX_CHANGES ? earlier.length + 1 : null
}

const SUMMARY = 'flapping since '

function summaryMark({ key }: Announcement, nowMs: number): AlertMark {
  return markOf({ key: { ...key, episode: `${SUMMARY}${nowMs}` } }, nowMs, 'said')
}

const isSummary = ({ episode }: AlertMark): boolean => episode.startsWith(SUMMARY)

/** Either way, so that a clock that is set back silences nothing for longer than `ms`. */
const isWithin = (atMs: number, nowMs: number, ms: number): boolean => Math.abs(nowMs - atMs) < ms

/** The marks by kind, account and pod. */
function siblingsOf(marks: AlertMarks) {
  const lists = new Map<string, AlertMark[]>()
  const listOf = (mark: Pick<AlertMark, 'kind' | 'accountId' | 'podId'>): AlertMark[] => {
    const name = JSON.stringify([mark.kind, mark.accountId, mark.podId])
    const known = lists.get(name)
    if (known) return known
    const fresh: AlertMark[] = []
    lists.set(name, fresh)
    return fresh
  }
  const add = (mark: AlertMark): void => void listOf(mark).push(mark)
  Object.values(marks).forEach(add)
  return { add, of: ({ key }: Announcement): readonly AlertMark[] => listOf(key) }
}
