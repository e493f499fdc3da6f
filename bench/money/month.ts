import { toUsd } from '../../src/core/money/ledger/amounts'
import type { MonthBook } from '../../src/core/money/ledger/month-book'
import { confirmedSpendUsd } from '../../src/core/money/confirmed-spend'
import type { Ledger } from '../../src/core/money/ledger/ledger'
import { monthAfter, monthEnd, monthOf, monthStart } from '../../src/core/money/ledger/months'
import { podSubjectId } from '../../src/core/money/ledger/billing-state'
import {
  hasUnobservedHours,
  sumTotals,
  totalsBySubject,
  wholeMonth,
} from '../../src/core/money/ledger/cost-totals'
import type { Pod } from '../../src/core/pods/pod'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import { chargeMicroUsd } from '../../src/simulator/ledger/ledger'
import { VirtualTime } from '../../src/simulator/world/virtual-time'
import { World } from '../../src/simulator/world/world'
import { type BillingTerms, createBills, type LateCorrection } from './bills'
import { createSeededRandom, type SeededRandom } from '../seeded-random'
import { createPodReader, createWatcher, type Watcher } from './watcher'
import { createPodChurn } from './pod-churn'

/** The errors of one simulated month. */
export interface MonthOutcome {
  readonly seed: number
  readonly truthUsd: number
  /**
   * Errors as shares of the true amount at every checkpoint (0.01 is 1%). An error of up to 5 cents counts as 0, and so
   * does what is missing on bills that count as final by the rules but are corrected days later, because no program can
   * know that.
   */
  readonly awakeErrors: readonly number[]
  /** The same, including what is missing on bills. */
  readonly awakeErrorsWithShort: readonly number[]
  /** Once all bills are final. */
  readonly finalError: number
  readonly rangeChecks: number
  /** Checkpoints where the true amount was outside the stated range. */
  readonly rangeMisses: number
  /**
   * Checkpoints where it was above the range because of pods that came and went unseen: the app states this as possible
   * after a gap, and it can happen within seconds between two polls.
   */
  readonly unseenMisses: number
  /** Checkpoints where the confirmed spend of a pod exceeded its real cost. */
  readonly falseConfirmations: number
  /** The widths of the ranges, as shares of the true amount. */
  readonly widths: readonly number[]
}

const TICK_MS = 15_000
/**
 * While nothing changes, more frequent polls make no difference; more than five minutes without a poll would be a gap.
 */
const QUIET_TICK_MS = 5 * MINUTE_MS
const GAP_MS = 5 * MINUTE_MS
const VOLUMES_EVERY_MS = 15 * MINUTE_MS
/** Less often than the app, which polls every 15 minutes. */
const BILLS_EVERY_MS = 3 * HOUR_MS
const TOLERANCE_USD = 0.05

export function runMonth(seed: number): MonthOutcome {
  const random = createSeededRandom(seed)
  const month = monthAfter('2026-10', -random.integer(0, 20))
  const [startMs, endMs] = [monthStart(month), monthEnd(month)]
  let nowMs = startMs
  const time = new VirtualTime(() => nowMs, 1, true)
  const world = new World({ seed, time, balanceUsd: 10_000_000 })
  const churn = createPodChurn(world, random, startMs, endMs)
  const terms: BillingTerms = {
    lagMs: random.between(0, 3 * HOUR_MS),
    corrections: correctionsOf(random, churn.firstPodIds, startMs, endMs),
  }
  const bills = createBills(world, terms)
  const pods = createPodReader(world)
  const awake = createWatcher(world, pods, bills)
  const sleepy = createWatcher(world, pods, bills)
  const isOffline = randomSpells(
    random,
    startMs,
    endMs,
    [6 * HOUR_MS, 3 * DAY_MS],
    [MINUTE_MS, 10 * MINUTE_MS],
  )
  // The computer sleeps a third of the time, at night and in between.
  const isAsleep = randomSpells(
    random,
    startMs,
    endMs,
    [4 * HOUR_MS, 20 * HOUR_MS],
    [2 * HOUR_MS, 10 * HOUR_MS],
  )
  const truthUsd = (untilMs: number): number => world.ledger.totalMicroUsd(startMs, untilMs) / 1_000_000
  const awakeErrors: number[] = []
  const awakeErrorsWithShort: number[] = []
  const widths: number[] = []
  let [rangeChecks, rangeMisses, unseenMisses, falseConfirmations] = [0, 0, 0, 0]
  const billsDueMs = { awake: startMs, sleepy: startMs }
  const volumesDueMs = { awake: startMs, sleepy: startMs }
  const polledAtMs = { awake: startMs, sleepy: startMs }
  let checkDueMs = startMs + random.between(2 * HOUR_MS, DAY_MS)

  function poll(atMs: number): void {
    nowMs = atMs
    const isOn = { awake: !isOffline(atMs), sleepy: !isAsleep(atMs) && !isOffline(atMs) }
    for (const watcherName of ['awake', 'sleepy'] as const) {
      if (!isOn[watcherName]) continue
      const watcher = { awake, sleepy }[watcherName]
      watcher.poll(atMs)
      // After a gap the app polls at once.
      const hasGap = atMs - polledAtMs[watcherName] > GAP_MS
      polledAtMs[watcherName] = atMs
      if (hasGap || atMs >= volumesDueMs[watcherName]) {
        volumesDueMs[watcherName] = atMs + VOLUMES_EVERY_MS
        watcher.pollVolumes(atMs)
      }
      if (atMs < billsDueMs[watcherName] && !hasGap) continue
      billsDueMs[watcherName] = atMs + BILLS_EVERY_MS
      watcher.readBills(atMs)
    }
    if (atMs < checkDueMs || !isOn.sleepy) return
    checkDueMs = atMs + random.between(2 * HOUR_MS, DAY_MS)
    const truth = truthUsd(atMs)
    const estimated = toUsd(sumTotals(totalsBySubject(awake.ledger.book(month), wholeMonth)).likely)
    const shortUsd = underbilledUsd(world, terms, atMs)
    const error = (offUsd: number): number => (offUsd <= TOLERANCE_USD ? 0 : offUsd / truth)
    awakeErrorsWithShort.push(error(Math.abs(estimated - truth)))
    awakeErrors.push(error(Math.max(estimated - truth, truth - estimated - shortUsd)))
    for (const { ledger } of [awake, sleepy])
      falseConfirmations += falselyConfirmedCount(world, ledger, pods(atMs), startMs, atMs)
    const book = sleepy.ledger.book(month)
    const { min, max } = sumTotals(totalsBySubject(book, wholeMonth))
    rangeChecks += 1
    widths.push((toUsd(max) - toUsd(min)) / Math.max(truth, 0.01))
    // The simulator counts whole micro-dollars and the app nano-dollars. The tolerance is one micro-dollar per charge
    // for rounding, and one per hour for which the larger of the two amounts counts.
    const roundingUsd = (world.ledger.charges().length + hoursNotFinal(book)) / 1_000_000
    if (truth < toUsd(min) - roundingUsd) rangeMisses += 1
    else if (truth - shortUsd > toUsd(max) + roundingUsd) {
      const ofUnseenUsd = unlistedUsd(world, sleepy, startMs, atMs)
      if (hasUnobservedHours(book, wholeMonth) || truth - ofUnseenUsd <= toUsd(max) + roundingUsd)
        unseenMisses += 1
      else rangeMisses += 1
    }
  }

  for (let atMs = startMs; atMs < endMs;) {
    const eventMs = Math.min(churn.nextMs(), endMs)
    const lastTickMs = Math.floor(eventMs / TICK_MS) * TICK_MS
    for (; atMs + QUIET_TICK_MS < lastTickMs; atMs += QUIET_TICK_MS) poll(atMs)
    poll(lastTickMs)
    nowMs = eventMs
    if (eventMs < endMs) churn.runNext(eventMs)
    const untilMs = Math.min(endMs, churn.nextMs(), lastTickMs + 5 * TICK_MS)
    atMs = lastTickMs + TICK_MS
    for (; atMs <= untilMs; atMs += TICK_MS) poll(atMs)
  }
  nowMs = endMs
  poll(endMs)
  const truthOfMonth = truthUsd(endMs)
  for (let atMs = endMs + HOUR_MS; atMs < endMs + 4 * DAY_MS; atMs += 3 * HOUR_MS) {
    nowMs = atMs
    awake.readBills(atMs)
  }
  const final = toUsd(sumTotals(totalsBySubject(awake.ledger.book(month), wholeMonth)).likely)
  return {
    seed,
    truthUsd: truthOfMonth,
    awakeErrors,
    awakeErrorsWithShort,
    falseConfirmations,
    finalError: Math.abs(final - truthOfMonth) / truthOfMonth,
    rangeChecks,
    rangeMisses,
    unseenMisses,
    widths,
  }
}

/** Periods of fixed length at fixed intervals; the returned function tells whether a moment is within one. */
function randomSpells(
  random: SeededRandom,
  startMs: number,
  endMs: number,
  gapMs: readonly [number, number],
  length: readonly [number, number],
): (atMs: number) => boolean {
  const spells: { readonly fromMs: number; readonly toMs: number }[] = []
  for (let atMs = startMs + random.between(...gapMs); atMs < endMs;) {
    const toMs = atMs + random.between(...length)
    spells.push({ fromMs: atMs, toMs })
    atMs = toMs + random.between(...gapMs)
  }
  let at = 0
  return (atMs) => {
    while ((spells[at]?.toMs ?? Infinity) <= atMs) at += 1
    return atMs >= (spells[at]?.fromMs ?? Infinity)
  }
}

function hoursNotFinal({ subjects }: MonthBook): number {
  let hours = 0
  for (const subject of subjects.values())
    for (const { finalReading } of subject.hours.values()) if (finalReading === null) hours += 1
  return hours
}

/** For how many pods the confirmed spend is higher than the real cost. Automatic stops may rely on it. */
function falselyConfirmedCount(
  world: World,
  ledger: Ledger,
  pods: readonly Pod[],
  fromMs: number,
  nowMs: number,
): number {
  return pods.filter((pod) => {
    const uptimeS = pod.startedAtMs === null ? null : (nowMs - pod.startedAtMs) / SECOND_MS
    const confirmedUsd = confirmedSpendUsd(ledger, pod, uptimeS, nowMs)
    const charges = world.ledger.charges().filter(({ owner }) => owner.id === pod.id)
    const trueUsd =
      charges.reduce((sum, charge) => sum + chargeMicroUsd(charge, fromMs, nowMs), 0) / 1_000_000
    const hours = ledger.book(monthOf(nowMs)).subjects.get(podSubjectId(pod))?.hours.size ?? 0
    return confirmedUsd !== null && confirmedUsd > trueUsd + (charges.length + hours) / 1_000_000
  }).length
}

/** The cost of pods that were in no list, because they came and went between two polls. USD. */
function unlistedUsd(world: World, { listedPodIds }: Watcher, fromMs: number, toMs: number): number {
  return world.ledger
    .charges()
    .filter(({ owner }) => owner.kind === 'pod' && !listedPodIds.has(owner.id))
    .reduce((sum, charge) => sum + chargeMicroUsd(charge, fromMs, toMs) / 1_000_000, 0)
}

/** What is missing on bills now and will be corrected, which no program can know. USD. */
function underbilledUsd(world: World, terms: BillingTerms, nowMs: number): number {
  return terms.corrections.reduce((sum, { ownerId, startMs, correctedAtMs, share }) => {
    if (nowMs < startMs || nowMs >= correctedAtMs + 7 * HOUR_MS) return sum
    const ofHour = world.ledger
      .charges()
      .filter(({ owner }) => owner.id === ownerId)
      .reduce((all, charge) => all + chargeMicroUsd(charge, startMs, startMs + HOUR_MS), 0)
    return sum + (ofHour * (1 - share)) / 1_000_000
  }, 0)
}

/** A few hours that are too low or missing on the bill for up to two and a half days. */
function correctionsOf(
  random: SeededRandom,
  ids: readonly string[],
  startMs: number,
  endMs: number,
): readonly LateCorrection[] {
  return ids.flatMap((ownerId) => {
    if (random.bool(0.6)) return []
    const startHourMs = startMs + random.integer(0, (endMs - startMs) / HOUR_MS - 1) * HOUR_MS
    const correctedAtMs = startHourMs + HOUR_MS + random.between(4 * HOUR_MS, 60 * HOUR_MS)
    const share = random.bool(0.3) ? 0 : random.between(0.5, 0.95)
    return [{ ownerId, startMs: startHourMs, correctedAtMs, share }]
  })
}
