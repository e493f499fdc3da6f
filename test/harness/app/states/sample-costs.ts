import { hourlyRate, type CostsPodState, type CostsRow } from '../../../../src/core/money/costs/costs-rows'
import type { BillsState, CostsView } from '../../../../src/core/money/costs/costs-view'
import { distributeCents, distributeCentsWithin } from '../../../../src/core/money/ledger/amounts'
import type { BudgetView, MoneyView, SpendView } from '../../../../src/core/money/money-view'
import { DAY_MS, HOUR_MS } from '../../../../src/core/base/time/time'
import { NOW_MS } from '../../samples/pod-views'

/* Costs of a fictional account in November 2026, viewed on the 24th. An item costs `perDay` on each day it was used. */

const START_MS = Date.UTC(2026, 10, 1)
const DAYS = 30
const TODAY = 23

interface Thing {
  readonly id: string
  readonly name: string | null
  readonly hardware: string | null
  /** USD per day, from the first of the month. */
  readonly perDay: readonly number[]
  readonly idleShare: number
  /** USD; 2 where it is left out. */
  readonly perHourUsd?: number
  /** The share of its compute that only its bill knows. */
  readonly unobservedShare?: number
  readonly isPriceUnknown?: boolean
  readonly state?: CostsPodState
  readonly goneAtMs?: number
}

/** Varying amounts with some days of zero, increasing towards the end. */
const wave = (size: number, shift: number): readonly number[] =>
  Array.from({ length: TODAY + 1 }, (_day, day) =>
    (day + shift) % 7 > 4
      ? 0
      : Math.round(size * (1 + Math.sin(day + shift)) * (0.5 + day / TODAY) * 100) / 100,
  )

export const usualThings: readonly Thing[] = [
  {
    id: 'pod/busy',
    name: 'llama-70b-sft',
    hardware: '4 × H100 SXM',
    perDay: wave(12, 0),
    idleShare: 0.03,
    perHourUsd: 10.76,
  },
  {
    id: 'pod/idle',
    name: 'mcmc-planck',
    hardware: '1 × H200 SXM',
    perDay: wave(6, 0),
    idleShare: 0.19,
    perHourUsd: 3.99,
  },
  {
    id: 'pod/long',
    name: 'comfy-scratch',
    hardware: '1 × RTX 4090',
    perDay: wave(2.5, 1),
    idleShare: 0.46,
    perHourUsd: 0.69,
  },
  {
    id: 'pod/stopped',
    name: 'anomaly-v3',
    hardware: '1 × A100 SXM',
    perDay: wave(0.6, 2),
    idleShare: 0.08,
    perHourUsd: 1.49,
    state: 'stopped',
  },
  { id: 'volume/data', name: 'datasets', hardware: '250 GB', perDay: wave(0.4, 0), idleShare: 0 },
  { id: 'other', name: null, hardware: null, perDay: wave(0.2, 3), idleShare: 0 },
]

/**
 * One row of each kind: running, terminated, stopped, partly and only billed, of an unknown price, creating, a volume.
 */
export const everyKindOfThing: readonly Thing[] = [
  ...usualThings,
  {
    id: 'pod/gone',
    name: 'eval-sweep-a',
    hardware: '2 × A100 PCIe',
    perDay: [...Array.from({ length: 17 }, () => 0), 8.34, 9.73],
    idleShare: 0.06,
    perHourUsd: 2.78,
    state: 'gone',
    goneAtMs: START_MS + 18 * DAY_MS,
  },
  {
    id: 'pod/partly',
    name: 'watched-in-part',
    hardware: '4 × H100 SXM',
    perDay: [60.44, 60.44, 60.44, 60.45],
    idleShare: 0.02,
    perHourUsd: 10.76,
    unobservedShare: 0.72,
  },
  {
    id: 'pod/billed',
    name: null,
    hardware: null,
    perDay: [0, 3.2],
    idleShare: 0,
    unobservedShare: 1,
    state: 'gone',
  },
  {
    id: 'pod/priceless',
    name: 'no-price',
    hardware: '1 × B200',
    perDay: [0, 0.12],
    idleShare: 0,
    isPriceUnknown: true,
  },
  {
    id: 'pod/new',
    name: 'eval-sweep-b',
    hardware: '2 × A100 PCIe',
    perDay: [...Array.from({ length: TODAY }, () => 0), 0.09],
    idleShare: 0,
    perHourUsd: 2.78,
    state: 'creating',
  },
]

/** Many pods with names of sixty characters, all used on every day. */
export const manyThings = (count: number): readonly Thing[] =>
  Array.from({ length: count }, (_thing, index) => ({
    id: `pod/many-${index}`,
    name: `${index}-a-name-of-sixty-characters-which-is-`.padEnd(60, 'very-long-'),
    hardware: index % 2 === 0 ? '8 × H100 SXM' : `${index} × RTX 4090`,
    perDay: Array.from({ length: TODAY + 1 }, (_day, day) => 1 + ((index * 7 + day) % 5)),
    idleShare: 0.2,
  }))

function spend(usd: number, idleUsd: number, billedUsd: number, doubt: Partial<SpendView> = {}): SpendView {
  return {
    usd,
    minUsd: usd,
    maxUsd: usd,
    billedUsd,
    estimatedUsd: usd - billedUsd,
    idleUsd,
    isAtLeast: false,
    mayMissPods: false,
    ...doubt,
  }
}

/** A third of today is billed, and all of the days before. */
const billedOf = (day: number, usd: number): number => (day < TODAY ? usd : usd / 3)

interface GivenCosts {
  readonly things?: readonly Thing[]
  readonly monthlyUsd?: number | null
  readonly doubt?: Partial<SpendView>
  readonly billProblem?: string | null
  readonly bills?: BillsState
  /** What automatic stops saved, USD; null: not known. */
  readonly savedUsd?: number | null
}

export interface SampleMoney {
  readonly costs: CostsView
  readonly money: MoneyView
}

/** Consistent costs and meter of one account. */
export function sampleMoney(given: GivenCosts = {}): SampleMoney {
  const { things = usualThings, monthlyUsd = 600, doubt, billProblem = null, bills = 'twice' } = given
  const exactDays = Array.from({ length: DAYS }, (_day, day) => {
    const parts = things
      .map(({ id, perDay, idleShare }) => ({ id, usd: perDay[day] ?? 0, idleShare }))
      .filter(({ usd }) => usd > 0)
      .map(({ id, usd, idleShare }) => ({
        id,
        usd,
        idleUsd: usd * idleShare,
        billedUsd: billedOf(day, usd),
      }))
    const sum = (of: (part: (typeof parts)[number]) => number): number =>
      parts.reduce((all, part) => all + of(part), 0)
    return {
      startMs: START_MS + day * DAY_MS,
      spent: spend(
        sum(({ usd }) => usd),
        sum(({ idleUsd }) => idleUsd),
        sum(({ billedUsd }) => billedUsd),
      ),
      parts,
    }
  })
  const rows = things.map(rowOf).sort((a, b) => b.totalCents - a.totalCents)
  const totalCents = rows.reduce((sum, row) => sum + row.totalCents, 0)
  const idleCents = rows.reduce((sum, row) => sum + row.idleCents, 0)
  const dayCents = distributeCents(
    exactDays.map(({ spent: { usd } }) => usd * 1e9),
    totalCents,
  )
  const dayIdleCents = distributeCentsWithin(
    exactDays.map(({ spent }) => spent.idleUsd * 1e9),
    idleCents,
    dayCents,
  )
  const days = exactDays.map((day, index): CostsView['days'][number] => {
    const cents = distributeCents(
      day.parts.map(({ usd }) => usd * 1e9),
      dayCents[index]!,
    )
    return {
      ...day,
      totalCents: dayCents[index]!,
      idleCents: dayIdleCents[index]!,
      parts: day.parts.map((part, at) => ({ ...part, cents: cents[at]! })),
    }
  })
  const total = (of: (day: SpendView) => number): number =>
    days.reduce((sum, { spent }) => sum + of(spent), 0)
  const spent = spend(
    total(({ usd }) => usd),
    total(({ idleUsd }) => idleUsd),
    total(({ billedUsd }) => billedUsd),
    doubt,
  )
  const perHourUsd = spent.usd / (24 * (TODAY + 0.6))
  const hoursLeft = (START_MS + DAYS * DAY_MS - NOW_MS) / HOUR_MS
  const forecast =
    spent.usd > 0
      ? { usd: spent.usd + perHourUsd * hoursLeft, atBurnUsd: spent.usd + 18.25 * hoursLeft, perHourUsd }
      : null
  const today = days[TODAY]!.spent
  const budget: BudgetView = {
    monthlyUsd,
    dailyUsd: monthlyUsd === null ? null : 120,
    monthShare: monthlyUsd === null ? null : spent.usd / monthlyUsd,
    dayShare: monthlyUsd === null ? null : today.usd / 120,
    passesAtMs:
      monthlyUsd !== null && spent.usd < monthlyUsd && forecast !== null && forecast.usd > monthlyUsd
        ? NOW_MS + ((monthlyUsd - spent.usd) / perHourUsd) * HOUR_MS
        : null,
  }
  const billedUntilMs = spent.billedUsd > 0 ? NOW_MS - 3 * HOUR_MS - 5 * 60_000 : null
  return {
    costs: {
      month: '2026-11',
      atMs: NOW_MS,
      isCurrent: true,
      startMs: START_MS,
      endMs: START_MS + DAYS * DAY_MS,
      months: ['2026-11', '2026-10', '2026-09'],
      totalCents,
      idleCents,
      spent,
      budget,
      forecast,
      bills,
      billedUntilMs,
      billProblem,
      days,
      rows,
      stops:
        spent.usd > 0
          ? {
              count: 4,
              last: { name: 'mcmc-planck', atMs: NOW_MS - 2 * DAY_MS },
              saved: { usd: given.savedUsd === undefined ? 90.8 : given.savedUsd, isAtLeast: false },
            }
          : { count: 0, last: null, saved: { usd: 0, isAtLeast: false } },
      corrections: spent.usd > 0 ? [{ atMs: NOW_MS - 9 * DAY_MS, usd: 1.2 }] : [],
    },
    money: {
      month: '2026-11',
      monthEndsAtMs: START_MS + DAYS * DAY_MS,
      spent,
      today,
      budget,
      forecast,
      billedUntilMs,
      billProblem,
      volumesPerHourUsd: 0.017,
      unused:
        spent.usd > 0
          ? [
              {
                kind: 'pod',
                id: 'stopped',
                name: 'anomaly-v3',
                perDayUsd: 0.67,
                sinceMs: NOW_MS - 3 * DAY_MS,
              },
              {
                kind: 'volume',
                id: 'data',
                name: 'datasets',
                perDayUsd: null,
                sinceMs: NOW_MS - 40 * DAY_MS,
              },
            ]
          : [],
      pods: {},
    },
  }
}

function rowOf(thing: Thing): CostsRow {
  const { id, name, hardware, perDay, idleShare, perHourUsd = 2, unobservedShare = 0 } = thing
  const usd = perDay.reduce((sum, amount) => sum + amount, 0)
  const billedUsd = perDay.reduce((sum, amount, day) => sum + billedOf(day, amount), 0)
  const totalCents = Math.round(usd * 100)
  const isPod = id.startsWith('pod/')
  const isVolume = id.startsWith('volume/')
  const isPriceUnknown = thing.isPriceUnknown === true
  const diskCents = isVolume || isPriceUnknown ? totalCents : isPod ? Math.round(totalCents * 0.01) : 0
  const computeCents = totalCents - diskCents
  const unobservedComputeCents = Math.round(computeCents * unobservedShare)
  const observedUsd = (computeCents - unobservedComputeCents) / 100
  const onMs = isPriceUnknown ? 3.1 * HOUR_MS : isPod ? (observedUsd / perHourUsd) * HOUR_MS : 0
  return {
    id,
    kind: id === 'other' ? 'other' : isVolume ? 'volume' : 'pod',
    name,
    hardware,
    state: isPod ? (thing.state ?? 'on') : null,
    goneAtMs: thing.goneAtMs ?? null,
    onMs,
    rate: hourlyRate(onMs, computeCents - unobservedComputeCents, observedUsd, isPriceUnknown),
    billing: 'as-listed',
    totalCents,
    computeCents,
    diskCents,
    idleCents: Math.round(totalCents * idleShare),
    unobservedCents: unobservedComputeCents,
    unobservedComputeCents,
    spent: spend(usd, usd * idleShare, billedUsd, isPriceUnknown ? { isAtLeast: true } : {}),
  }
}
