import type { DayRecord } from './run-day'
import type { PodDay, Span } from './pod-day'

/** Readings are a minute apart, and show what was a minute ago. */
const SLACK_S = 200
const WARNING_S = 1_800
const LAST_WARNING_S = 300
const INPUT_S = 1_800
const LEASE_S = 900
/** A failed request is tried again after this. */
const RETRY_S = 300
/** A longer time without a reading ends an idle time. */
const GAP_S = 300

/**
 * What the guard did that its rules forbid, or did not do that they ask for, by what happened in the pod. See
 * docs/product-rules.md#141-guard-in-the-pod.
 */
export function judgeDay(record: DayRecord): readonly string[] {
  const { day, stoppedAtS } = record
  return [
    ...record.offenses,
    ...(stoppedAtS === null ? [] : forbiddenStop(record, stoppedAtS)),
    ...missedStop(day, stoppedAtS),
  ]
}

export type StopReason = 'idle' | 'deadline'

/** Why a stop at that moment is right; none: it isn't. */
export function reasonsAt(day: PodDay, tS: number): readonly StopReason[] {
  // Time that leaps counts for as much as a gap.
  const leapS = day.uptimeJumps.filter(({ atS }) => atS <= tS).length * GAP_S
  // A computer with a lease carries out its own rules itself.
  const free = computersOf(day).filter(({ hasConsent, leases }) => hasConsent && !isOn(leases, tS))
  const isOverdue = free.some(({ deadlineAtS }) => {
    const deadlineS = deadlineAtS(tS)
    return deadlineS !== null && tS >= deadlineS - leapS
  })
  return [
    ...(free.some(({ idleLimitS }) => isIdleEnough(day, idleLimitS, tS)) ? (['idle'] as const) : []),
    ...(isOverdue ? (['deadline'] as const) : []),
  ]
}

interface ComputerOfDay {
  readonly idleLimitS: number
  readonly hasConsent: boolean
  readonly leases: readonly Span<unknown>[]
  readonly deadlineAtS: (tS: number) => number | null
  /** When its deadline was set last, at that moment. */
  readonly setAtS: (tS: number) => number
}

const leasesIn = (held: PodDay['held']): PodDay['held'] => held.filter(({ kind }) => kind === 'lease')

function computersOf(day: PodDay): readonly ComputerOfDay[] {
  const { idleLimitS, hasConsent, other } = day
  const own: ComputerOfDay = {
    idleLimitS,
    hasConsent,
    leases: leasesIn(day.held),
    deadlineAtS: (tS) => deadlineAt(day, tS),
    setAtS: (tS) => Math.max(0, ...day.extensions.filter(({ atS }) => atS <= tS).map(({ atS }) => atS)),
  }
  if (other === null) return [own]
  const deadlineS = other.deadlineS === 0 ? null : other.deadlineS
  return [
    own,
    { ...other, leases: leasesIn(other.held), deadlineAtS: () => deadlineS, setAtS: () => 3 * day.stepS },
  ]
}

const keepsOf = ({ held, other }: PodDay): PodDay['held'] =>
  [...held, ...(other?.held ?? [])].filter(({ kind }) => kind === 'keep')

/** Whether nothing at all happened for as long as the limit says, and all of it could be read. */
function isIdleEnough(day: PodDay, idleLimitS: number, tS: number): boolean {
  if (idleLimitS === 0) return false
  const sinceS = tS - idleLimitS + SLACK_S
  const disturbs = (fromS: number, toS: number): boolean => fromS < tS && toS > sinceS
  const isDisturbed =
    day.work.some(({ fromS, toS, kind }) =>
      disturbs(fromS, kind === 'input' ? toS + INPUT_S - SLACK_S : toS),
    ) ||
    day.blind.some(
      ({ fromS, toS }) => toS - fromS > GAP_S + SLACK_S && disturbs(fromS + GAP_S + SLACK_S, toS),
    ) ||
    // After a short gap it goes on with what it counted before.
    day.gaps.some(({ fromS, toS }) => toS - fromS > GAP_S && disturbs(fromS, toS)) ||
    day.uptimeJumps.some(({ atS }) => disturbs(atS, atS))
  // The time that it watches begins with it.
  return !isDisturbed && sinceS > 0
}

function deadlineAt(day: PodDay, tS: number): number | null {
  const extension = day.extensions.filter(({ atS }) => atS <= tS && !isGapAt(day, atS)).at(-1)
  if (extension !== undefined) return extension.untilS
  const startedS = Math.max(0, ...day.gaps.filter(({ toS }) => toS <= tS).map(({ toS }) => toS))
  return day.maxS === 0 ? null : startedS + day.maxS
}

const isGapAt = (day: PodDay, tS: number): boolean =>
  day.gaps.some(({ fromS, toS }) => fromS <= tS && tS < toS)

const isOn = (spans: readonly Span<unknown>[], tS: number): boolean =>
  spans.some(({ fromS, toS }) => fromS <= tS && tS < toS)

function forbiddenStop({ day, warnings }: DayRecord, tS: number): readonly string[] {
  const problems: string[] = []
  const reasons = reasonsAt(day, tS)
  if (reasons.length === 0) problems.push(`stopped at ${tS} for no reason`)
  if (!computersOf(day).some(({ hasConsent }) => hasConsent)) problems.push('stopped without consent')
  if (isOn(keepsOf(day), tS)) problems.push(`stopped at ${tS} although it was held`)
  if (isOn(day.api, tS)) problems.push(`stopped at ${tS} although the API said no`)
  // With a full disk and no terminal, there is nothing to write to.
  if (isOn(day.fullDisk, tS - WARNING_S) || day.blind.some(({ kind }) => kind === 'terminals'))
    return problems
  const ages = warnings.filter(({ text }) => text.includes('30 min')).map(({ atS }) => tS - atS)
  const isWarned =
    ages.some((ageS) => ageS >= WARNING_S - 1) &&
    warnings.some(({ atS, text }) => text.includes(' 5 min') && tS - atS >= LAST_WARNING_S - 1)
  if (!isWarned) problems.push(`stopped at ${tS} with the warnings ${JSON.stringify(warnings)}`)
  return problems
}

/** A stop must have come once its reason and nothing against it have lasted for long enough. */
function missedStop(day: PodDay, stoppedAtS: number | null): readonly string[] {
  return computersOf(day).flatMap((computer) => missedStopOf(day, computer, stoppedAtS))
}

function missedStopOf(
  day: PodDay,
  { idleLimitS, hasConsent, leases, deadlineAtS, setAtS }: ComputerOfDay,
  stoppedAtS: number | null,
): readonly string[] {
  const [free, idle] = [freeSpans(day, leases), idleSpans(day)]
  for (let tS = 0; tS < Math.min(stoppedAtS ?? day.lengthS, day.lengthS) - SLACK_S; tS += 60) {
    const freeS = lengthAt(free, tS)
    if (freeS < WARNING_S + LAST_WARNING_S + RETRY_S + 2 * SLACK_S || !hasConsent) continue
    const isIdleFor = lengthAt(idle, tS)
    const isIdleDue = idleLimitS > 0 && isIdleFor >= Math.max(idleLimitS, WARNING_S) + 3 * SLACK_S
    const deadlineS = deadlineAtS(tS)
    // After it was set, it takes a warning.
    const setS = setAtS(tS)
    const isOverdue =
      deadlineS !== null &&
      tS >= deadlineS + SLACK_S &&
      tS >= setS + WARNING_S + LAST_WARNING_S + SLACK_S &&
      !leaptBefore(day, tS)
    if (isIdleDue || isOverdue)
      return [`did not stop by ${tS} although it was ${isIdleDue ? 'idle' : 'overdue'}`]
  }
  return []
}

const leaptBefore = (day: PodDay, tS: number): boolean => day.uptimeJumps.some(({ atS }) => atS <= tS)

interface Stretch {
  readonly fromS: number
  readonly toS: number
}

/** Where nothing keeps the guard from acting. After a leap of the clock, what was set may hold for longer. */
function freeSpans(day: PodDay, leases: readonly Span<unknown>[]): readonly Stretch[] {
  const keeps = keepsOf(day)
  const hasLeapt = day.uptimeJumps.length > 0 && keeps.length + leases.length > 0
  if (hasLeapt) return []
  return between(day, [
    ...keeps.map(({ fromS, toS }) => ({ fromS, toS: toS + SLACK_S })),
    ...leases.map(({ fromS, toS }) => ({ fromS, toS: toS + LEASE_S })),
    ...day.api.map(({ fromS, toS }) => ({ fromS, toS: toS + RETRY_S + SLACK_S })),
    ...day.gaps.map(({ fromS, toS }) => ({ fromS, toS })),
    ...day.uptimeJumps.map(({ atS }) => ({ fromS: atS, toS: atS + RETRY_S })),
  ])
}

/** Where the pod is idle and all of it can be read. */
function idleSpans(day: PodDay): readonly Stretch[] {
  return between(day, [
    ...day.work.map(({ fromS, toS, kind }) => ({ fromS, toS: kind === 'input' ? toS + INPUT_S : toS })),
    ...day.blind.map(({ fromS, toS, kind }) => ({
      fromS,
      // Its terminals are new when they are back.
      toS: toS + (kind === 'terminals' ? INPUT_S : 0),
    })),
    ...day.gaps.map(({ fromS, toS }) => ({ fromS, toS: toS + INPUT_S })),
    ...day.uptimeJumps.map(({ atS }) => ({ fromS: atS, toS: atS + GAP_S })),
    // Terminals count as used when the guard starts.
    { fromS: 0, toS: day.terminals > 0 ? INPUT_S : 0 },
  ])
}

function between(day: PodDay, taken: readonly Stretch[]): readonly Stretch[] {
  const free: Stretch[] = []
  let atS = 0
  for (const { fromS, toS } of [...taken].sort((a, b) => a.fromS - b.fromS)) {
    if (fromS > atS) free.push({ fromS: atS, toS: fromS })
    atS = Math.max(atS, toS)
  }
  if (atS < day.lengthS) free.push({ fromS: atS, toS: day.lengthS })
  return free
}

/** For how long the stretch at that moment has lasted; 0: there is none. */
function lengthAt(stretches: readonly Stretch[], tS: number): number {
  const found = stretches.find(({ fromS, toS }) => fromS <= tS && tS < toS)
  return found === undefined ? 0 : tS - found.fromS
}
