import { usdOf } from '../../src/core/money/ledger/amounts'
import type { Book } from '../../src/core/money/ledger/month-book'
import { certainSpendUsd } from '../../src/core/money/confirmed-spend'
import type { Ledger } from '../../src/core/money/ledger/ledger'
import { monthAfter, monthEnd, monthOf, monthStart } from '../../src/core/money/ledger/months'
import { subjectOfPod } from '../../src/core/money/ledger/billing-state'
import { hasUnseen, sumsOf, totalOf, wholeMonth } from '../../src/core/money/ledger/sums'
import type { Pod } from '../../src/core/pods/pod'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/base/time'
import { spentOn } from '../../src/simulator/ledger/ledger'
import { VirtualTime } from '../../src/simulator/world/virtual-time'
import { World } from '../../src/simulator/world/world'
import { type BillingTerms, createBills, type LateCorrection } from './bills'
import { type Chance, createChance } from '../chance'
import { createPodReader, createWatcher, type Watcher } from './watcher'
import { createLife } from './life'

/** How far off one simulated month was. */
export interface MonthOutcome {
  readonly seed: number
  readonly truthUsd: number
  /**
   * Shares of the truth, at every checkpoint: 0.01 is 1 %. One off by no more than 5 cents counts as 0, and so does what
   * bills are short of that were final by the rules, and are corrected days later: nobody can know it.
   */
  readonly awakeErrors: readonly number[]
  /** The same, with what bills are short of. */
  readonly awakeErrorsWithShort: readonly number[]
  /** Once all bills are final. */
  readonly finalError: number
  readonly rangeChecks: number
  /** Where the truth was not within the range that was stated. */
  readonly rangeMisses: number
  /** Where it was above it by pods that came and went unseen: said to be possible after a gap, seconds between two looks. */
  readonly openEnds: number
  /** Where a pod was said to have surely cost more than it did. */
  readonly falseCertainties: number
  /** The widths of the ranges, as shares of the truth. */
  readonly widths: readonly number[]
}

const TICK_MS = 15_000
/** While nothing happens looks cost the same however many there are; more than five minutes without one would be a gap. */
const CALM_MS = 5 * MINUTE_MS
const GAP_MS = 5 * MINUTE_MS
const VOLUMES_EVERY_MS = 15 * MINUTE_MS
/** Rarer than the app, which asks every quarter of an hour. */
const BILLS_EVERY_MS = 3 * HOUR_MS
const CENTS_OFF_USD = 0.05

export function runMonth(seed: number): MonthOutcome {
  const chance = createChance(seed)
  const month = monthAfter('2026-10', -chance.whole(0, 20))
  const [startMs, endMs] = [monthStart(month), monthEnd(month)]
  let nowMs = startMs
  const time = new VirtualTime(() => nowMs, 1, true)
  const world = new World({ seed, time, balanceUsd: 10_000_000 })
  const life = createLife(world, chance, startMs, endMs)
  const terms: BillingTerms = {
    lagMs: chance.between(0, 3 * HOUR_MS),
    corrections: correctionsOf(chance, life.firstPodIds, startMs, endMs),
  }
  const bills = createBills(world, terms)
  const pods = createPodReader(world)
  const awake = createWatcher(world, pods, bills, startMs)
  const sleepy = createWatcher(world, pods, bills, startMs)
  const isOut = spellsOf(chance, startMs, endMs, [6 * HOUR_MS, 3 * DAY_MS], [MINUTE_MS, 10 * MINUTE_MS])
  // A third of the time, in nights and naps.
  const isAsleep = spellsOf(chance, startMs, endMs, [4 * HOUR_MS, 20 * HOUR_MS], [2 * HOUR_MS, 10 * HOUR_MS])
  const truthUsd = (untilMs: number): number => world.ledger.spentMicroUsd(startMs, untilMs) / 1_000_000
  const awakeErrors: number[] = []
  const awakeErrorsWithShort: number[] = []
  const widths: number[] = []
  let [rangeChecks, rangeMisses, openEnds, falseCertainties] = [0, 0, 0, 0]
  const billsDueMs = { awake: startMs, sleepy: startMs }
  const volumesDueMs = { awake: startMs, sleepy: startMs }
  const lookedAtMs = { awake: startMs, sleepy: startMs }
  let checkDueMs = startMs + chance.between(2 * HOUR_MS, DAY_MS)

  function look(atMs: number): void {
    nowMs = atMs
    const isOn = { awake: !isOut(atMs), sleepy: !isAsleep(atMs) && !isOut(atMs) }
    for (const who of ['awake', 'sleepy'] as const) {
      if (!isOn[who]) continue
      const watcher = { awake, sleepy }[who]
      watcher.look(atMs)
      // After a gap the app asks at once.
      const isBack = atMs - lookedAtMs[who] > GAP_MS
      lookedAtMs[who] = atMs
      if (isBack || atMs >= volumesDueMs[who]) {
        volumesDueMs[who] = atMs + VOLUMES_EVERY_MS
        watcher.lookAtVolumes(atMs)
      }
      if (atMs < billsDueMs[who] && !isBack) continue
      billsDueMs[who] = atMs + BILLS_EVERY_MS
      watcher.readBills(atMs)
    }
    if (atMs < checkDueMs || !isOn.sleepy) return
    checkDueMs = atMs + chance.between(2 * HOUR_MS, DAY_MS)
    const truth = truthUsd(atMs)
    const estimated = usdOf(totalOf(sumsOf(awake.ledger.book(month), wholeMonth)).likely)
    const shortUsd = shortOnBillsUsd(world, terms, atMs)
    const error = (offUsd: number): number => (offUsd <= CENTS_OFF_USD ? 0 : offUsd / truth)
    awakeErrorsWithShort.push(error(Math.abs(estimated - truth)))
    awakeErrors.push(error(Math.max(estimated - truth, truth - estimated - shortUsd)))
    for (const { ledger } of [awake, sleepy])
      falseCertainties += falselyCertain(world, ledger, pods(atMs), startMs, atMs)
    const book = sleepy.ledger.book(month)
    const { min, max } = totalOf(sumsOf(book, wholeMonth))
    rangeChecks += 1
    widths.push((usdOf(max) - usdOf(min)) / Math.max(truth, 0.01))
    // Whole micro-dollars of the simulator against nano-dollars: one of each charge is rounding, and one of each hour
    // for which the larger of the two counts.
    const roundingUsd = (world.ledger.charges().length + hoursNotFinal(book)) / 1_000_000
    if (truth < usdOf(min) - roundingUsd) rangeMisses += 1
    else if (truth - shortUsd > usdOf(max) + roundingUsd) {
      const ofUnseenUsd = neverSeenUsd(world, sleepy, startMs, atMs)
      if (hasUnseen(book, wholeMonth) || truth - ofUnseenUsd <= usdOf(max) + roundingUsd) openEnds += 1
      else rangeMisses += 1
    }
  }

  for (let atMs = startMs; atMs < endMs;) {
    const eventMs = Math.min(life.nextMs(), endMs)
    const lastTickMs = Math.floor(eventMs / TICK_MS) * TICK_MS
    for (; atMs + CALM_MS < lastTickMs; atMs += CALM_MS) look(atMs)
    look(lastTickMs)
    nowMs = eventMs
    if (eventMs < endMs) life.happen(eventMs)
    const untilMs = Math.min(endMs, life.nextMs(), lastTickMs + 5 * TICK_MS)
    atMs = lastTickMs + TICK_MS
    for (; atMs <= untilMs; atMs += TICK_MS) look(atMs)
  }
  nowMs = endMs
  look(endMs)
  const truthOfMonth = truthUsd(endMs)
  for (let atMs = endMs + HOUR_MS; atMs < endMs + 4 * DAY_MS; atMs += 3 * HOUR_MS) {
    nowMs = atMs
    awake.readBills(atMs)
  }
  const final = usdOf(totalOf(sumsOf(awake.ledger.book(month), wholeMonth)).likely)
  return {
    seed,
    truthUsd: truthOfMonth,
    awakeErrors,
    awakeErrorsWithShort,
    falseCertainties,
    finalError: Math.abs(final - truthOfMonth) / truthOfMonth,
    rangeChecks,
    rangeMisses,
    openEnds,
    widths,
  }
}

/** Spells of so much time, so much time apart; answers whether a moment falls into one. */
function spellsOf(
  chance: Chance,
  startMs: number,
  endMs: number,
  apart: readonly [number, number],
  length: readonly [number, number],
): (atMs: number) => boolean {
  const spells: { readonly fromMs: number; readonly toMs: number }[] = []
  for (let atMs = startMs + chance.between(...apart); atMs < endMs;) {
    const toMs = atMs + chance.between(...length)
    spells.push({ fromMs: atMs, toMs })
    atMs = toMs + chance.between(...apart)
  }
  let at = 0
  return (atMs) => {
    while ((spells[at]?.toMs ?? Infinity) <= atMs) at += 1
    return atMs >= (spells[at]?.fromMs ?? Infinity)
  }
}

function hoursNotFinal({ subjects }: Book): number {
  let hours = 0
  for (const subject of subjects.values())
    for (const { final } of subject.hours.values()) if (final === null) hours += 1
  return hours
}

/** Of how many pods more is held to be certain than they cost. An automatic stop may rest on it. */
function falselyCertain(
  world: World,
  ledger: Ledger,
  pods: readonly Pod[],
  fromMs: number,
  nowMs: number,
): number {
  return pods.filter((pod) => {
    const uptimeS = pod.startedAtMs === null ? null : (nowMs - pod.startedAtMs) / SECOND_MS
    const sureUsd = certainSpendUsd(ledger, pod, uptimeS, nowMs)
    const charges = world.ledger.charges().filter(({ owner }) => owner.id === pod.id)
    const trueUsd = charges.reduce((sum, charge) => sum + spentOn(charge, fromMs, nowMs), 0) / 1_000_000
    const hours = ledger.book(monthOf(nowMs)).subjects.get(subjectOfPod(pod))?.hours.size ?? 0
    return sureUsd !== null && sureUsd > trueUsd + (charges.length + hours) / 1_000_000
  }).length
}

/** What pods cost that were in no list, since they came and went between two looks. USD. */
function neverSeenUsd(world: World, { seenPodIds }: Watcher, fromMs: number, toMs: number): number {
  return world.ledger
    .charges()
    .filter(({ owner }) => owner.kind === 'pod' && !seenPodIds.has(owner.id))
    .reduce((sum, charge) => sum + spentOn(charge, fromMs, toMs) / 1_000_000, 0)
}

/** What bills are short of now, and will be corrected: nobody can know it. USD. */
function shortOnBillsUsd(world: World, terms: BillingTerms, nowMs: number): number {
  return terms.corrections.reduce((sum, { ownerId, startMs, correctedAtMs, share }) => {
    if (nowMs < startMs || nowMs >= correctedAtMs + 7 * HOUR_MS) return sum
    const ofHour = world.ledger
      .charges()
      .filter(({ owner }) => owner.id === ownerId)
      .reduce((all, charge) => all + spentOn(charge, startMs, startMs + HOUR_MS), 0)
    return sum + (ofHour * (1 - share)) / 1_000_000
  }, 0)
}

/** A few hours that stand too low, or not at all, for up to two days and a half. */
function correctionsOf(
  chance: Chance,
  ids: readonly string[],
  startMs: number,
  endMs: number,
): readonly LateCorrection[] {
  return ids.flatMap((ownerId) => {
    if (chance.is(0.6)) return []
    const startHourMs = startMs + chance.whole(0, (endMs - startMs) / HOUR_MS - 1) * HOUR_MS
    const correctedAtMs = startHourMs + HOUR_MS + chance.between(4 * HOUR_MS, 60 * HOUR_MS)
    const share = chance.is(0.3) ? 0 : chance.between(0.5, 0.95)
    return [{ ownerId, startMs: startHourMs, correctedAtMs, share }]
  })
}
