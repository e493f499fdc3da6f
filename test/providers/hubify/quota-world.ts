import type { KeyUsageStore } from '../../../src/core/pods/key-usage-store'
import { createKeyBudget } from '../../../src/providers/hubify/quota/key-budget'
import { createPollShare } from '../../../src/providers/hubify/quota/poll-share'
import { DAY_MS } from '../../../src/core/base/time/time'

const DEFAULT_STEP_MS = 20_000
const plans = { free: [60, 1_000], pro: [300, 50_000], team: [1_000, 500_000] } as const

/** A person who asks for as many actions as possible goes so far beyond the budget, and waits until reads made up for it. */
const MOST_DEBT = 16

/** What a server says of its quota. `sliding`: the requests of the last 24 h, and when the oldest is over. */
export const headerKinds = ['none', 'minute', 'day', 'sliding', 'alternating', 'garbage'] as const

export interface QuotaWorldOptions {
  readonly plan: keyof typeof plans
  readonly headers: (typeof headerKinds)[number]
  /** Requests after each list, for each lab. */
  readonly labs: readonly number[]
  readonly hours: number
  /** Default: 20 s. */
  readonly stepMs?: number
  /** Hours between restarts of the program. */
  readonly restartHours?: readonly number[]
  /** Whether to send other readings as they are let through, and actions far beyond that. */
  readonly isGreedy?: boolean
  /** Where the runs of the program keep what they know. Default: nowhere. */
  readonly store?: KeyUsageStore
  /** Before each restart; returns by how many ms the wall clock is set, or 0. */
  readonly beforeRestart?: () => number
  /** Every so many requests fail, and are sent again. */
  readonly failEvery?: number
}

export interface QuotaWorldResult {
  /** The most requests in any 24 h and in any minute. */
  readonly mostPerDay: number
  readonly mostPerMinute: number
  readonly polls: number
  readonly refusedPolls: number
  /** The longest time between two requests, ms. */
  readonly longestPauseMs: number
  /** As said in the end. */
  readonly intervalsMs: readonly number[]
  readonly recognized: string
  /** How many hours it took until the plan was recognized. */
  readonly recognizedAfterH: number | null
}

/** Days of polling by the labs of one key, in steps, against a server that counts. */
export function runQuotaWorld(options: QuotaWorldOptions): QuotaWorldResult {
  const {
    plan,
    headers,
    labs,
    hours,
    restartHours = [],
    isGreedy = false,
    failEvery = 0,
    stepMs = DEFAULT_STEP_MS,
    store,
    beforeRestart = () => 0,
  } = options
  const [perMinute, perDay] = plans[plan]
  let clockSetMs = 0
  let nowMs = Date.UTC(2026, 10, 24, 5)
  const startMs = nowMs
  const sentAtMs: number[] = []
  let restart = 0
  let nextRestartMs =
    restartHours.length === 0 ? Number.POSITIVE_INFINITY : nowMs + restartHours[0]! * 3_600_000
  let polls = 0
  let refusedPolls = 0
  let recognizedAfterH: number | null = null

  const countSince = (sinceMs: number): number => {
    let count = 0
    for (let index = sentAtMs.length - 1; index >= 0 && sentAtMs[index]! >= sinceMs; index -= 1) count += 1
    return count
  }
  const windowHeaders = (limit: number, used: number, resetMs: number): Headers =>
    new Headers({
      date: new Date(nowMs).toUTCString(),
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(Math.max(0, limit - used)),
      'x-ratelimit-reset': String(Math.ceil(resetMs / 1_000)),
    })
  const minuteHeaders = (): Headers => {
    const startsMs = Math.floor(nowMs / 60_000) * 60_000
    return windowHeaders(perMinute, countSince(startsMs), startsMs + 60_000)
  }
  const dayHeaders = (): Headers => {
    const startsMs = Math.floor(nowMs / DAY_MS) * DAY_MS
    return windowHeaders(perDay, countSince(startsMs), startsMs + DAY_MS)
  }
  const say = (): Headers => {
    const count = sentAtMs.length
    if (headers === 'minute') return minuteHeaders()
    if (headers === 'day') return dayHeaders()
    if (headers === 'alternating') return count % 2 === 0 ? minuteHeaders() : dayHeaders()
    if (headers === 'sliding') {
      const used = countSince(nowMs - DAY_MS)
      return windowHeaders(perDay, used, (sentAtMs[count - used] ?? nowMs) + DAY_MS)
    }
    if (headers === 'none') return new Headers()
    return new Headers({
      'x-ratelimit-limit': ['Infinity', '-300', '3e2', '50000, 300', '1e99', '999999999999999999999'][
        count % 6
      ]!,
      'x-ratelimit-remaining': ['NaN', '', '-1', '0x10'][count % 4]!,
      'x-ratelimit-reset': ['soon', '0', '-5', '99999999999999999999'][count % 4]!,
    })
  }

  const open = () => {
    const openedAtMs = nowMs
    const elapsedMs = (): number => nowMs - openedAtMs
    const budget = createKeyBudget(elapsedMs, () => nowMs + clockSetMs, store)
    const http = { evenSpacingMs: () => 0, readWaitMs: () => budget.readWaitMs() }
    return { budget, share: createPollShare(budget, http, elapsedMs) }
  }
  let program = open()
  let nextPollMs = labs.map((_, index) => nowMs + 250 * index)

  /** One request and its repetitions, each only if it may be sent. Returns false if none was. */
  function send(kind: 'read' | 'write'): boolean {
    const { budget } = program
    for (let attempt = 0; attempt < 3; attempt += 1) {
      if (kind === 'read' && budget.readWaitMs() > 0) return attempt > 0
      budget.onRequest()
      sentAtMs.push(nowMs)
      const isFailure = failEvery > 0 && sentAtMs.length % failEvery === 0
      budget.onResponse(say(), !isFailure)
      if (!isFailure || kind === 'write') return true
    }
    return true
  }

  for (; nowMs < startMs + hours * 3_600_000; nowMs += stepMs) {
    if (nowMs >= nextRestartMs) {
      restart += 1
      nextRestartMs = nowMs + restartHours[restart % restartHours.length]! * 3_600_000
      clockSetMs += beforeRestart()
      program = open()
      nextPollMs = labs.map((_, index) => nowMs + 250 * index)
    }
    const { budget, share } = program
    for (const [index, details] of labs.entries()) {
      if (nowMs < nextPollMs[index]!) continue
      const lab = `lab-${index}`
      if (send('read')) polls += 1
      else refusedPolls += 1
      share.onPoll(lab, 1 + details)
      for (let detail = 0; detail < details; detail += 1) send('read')
      nextPollMs[index] = nowMs + Math.max(15_000, share.minIntervalMs(lab))
    }
    if (isGreedy) {
      while (budget.savedRequests() >= 1 - MOST_DEBT) {
        send('write')
        share.onAction('lab-0')
      }
      if (budget.takeSideRead() === 0) send('read')
    }
    if (budget.plan().name === plan) recognizedAfterH ??= (nowMs - startMs) / 3_600_000
  }
  return {
    mostPerDay: mostWithin(sentAtMs, DAY_MS),
    mostPerMinute: mostWithin(sentAtMs, 60_000),
    polls,
    refusedPolls,
    longestPauseMs: Math.max(...sentAtMs.map((atMs, index) => (sentAtMs[index + 1] ?? nowMs) - atMs)),
    intervalsMs: labs.map((_, index) => program.share.minIntervalMs(`lab-${index}`)),
    recognized: program.budget.plan().name,
    recognizedAfterH,
  }
}

function mostWithin(timesMs: readonly number[], windowMs: number): number {
  let [first, most] = [0, 0]
  for (const [last, atMs] of timesMs.entries()) {
    while (timesMs[first]! <= atMs - windowMs) first += 1
    most = Math.max(most, last - first + 1)
  }
  return most
}
