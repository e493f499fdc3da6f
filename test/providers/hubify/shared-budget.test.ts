import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createKeyBudget } from '../../../src/providers/hubify/quota/key-budget'
import { createMemoryUsageStore } from '../../harness/money/memory-usage-store'
import { headerKinds, runQuotaWorld } from './quota-world'
import { HOUR_MS, MINUTE_MS } from '../../../src/core/base/time/time'

/** Every half hour or more often, as much as possible. */
const restarting = fc.record({
  plan: fc.constant('free' as const),
  headers: fc.constantFrom(...headerKinds),
  labs: fc.array(fc.nat(2), { minLength: 1, maxLength: 3 }),
  hours: fc.constant(30),
  stepMs: fc.constant(MINUTE_MS),
  restartHours: fc.array(fc.double({ min: 0.02, max: 0.5, noNaN: true }), { minLength: 1, maxLength: 4 }),
  isGreedy: fc.boolean(),
  failEvery: fc.constantFrom(0, 2, 7),
})

const garbage = [
  '',
  'null',
  '[]',
  '{"atMs":',
  '{"atMs":1e999,"requests":50,"windows":[],"pausedForMs":0}',
  '{"atMs":0,"requests":"many","windows":[],"pausedForMs":0}',
  '{"atMs":0,"requests":50,"windows":[{"name":"a","resetAtMs":1e15,"reads":0,"left":0}],"pausedForMs":0}',
  '{"atMs":0,"requests":50,"windows":[],"pausedForMs":9e9}',
]

describe('what programs of a data folder send together with a key', () => {
  it('is never more than the free plan allows in any 24 h, however often they start', () => {
    fc.assert(
      fc.property(restarting, (options) => {
        const { mostPerDay, mostPerMinute } = runQuotaWorld({ ...options, store: createMemoryUsageStore() })
        expect(mostPerDay).toBeLessThanOrEqual(1_000)
        expect(mostPerMinute).toBeLessThanOrEqual(60)
      }),
      { numRuns: 8 },
    )
  })

  it('would be more if nothing was stored', () => {
    const world = {
      plan: 'free',
      headers: 'none',
      labs: [2],
      hours: 30,
      restartHours: [0.25],
      isGreedy: true,
    } as const
    expect(runQuotaWorld(world).mostPerDay).toBeGreaterThan(2_000)
  })

  it('stays within the plan when what is stored is damaged before each start', () => {
    fc.assert(
      fc.property(restarting, fc.constantFrom(...garbage), (options, text) => {
        const store = createMemoryUsageStore()
        const { mostPerDay } = runQuotaWorld({
          ...options,
          // Actions, which a person asks for, are sent up to 16 requests beyond it.
          isGreedy: false,
          store,
          beforeRestart() {
            store.text = text
            return 0
          },
        })
        expect(mostPerDay).toBeLessThanOrEqual(1_000)
      }),
      { numRuns: 8 },
    )
  })

  it('stays within the plan and continues when the clock is set back before a start', () => {
    fc.assert(
      fc.property(
        restarting,
        fc.array(fc.integer({ min: -4e9, max: 0 }), { minLength: 1 }),
        (options, sets) => {
          let starts = 0
          const { mostPerDay, longestPauseMs } = runQuotaWorld({
            ...options,
            restartHours: [0.5],
            isGreedy: false,
            failEvery: 0,
            store: createMemoryUsageStore(),
            beforeRestart: () => sets[starts++ % sets.length]!,
          })
          expect(mostPerDay).toBeLessThanOrEqual(1_000)
          expect(longestPauseMs).toBeLessThan(HOUR_MS)
        },
      ),
      { numRuns: 8 },
    )
  })

  it('is up to a burst more for each time that the clock is set forward', () => {
    const world = {
      plan: 'free',
      headers: 'none',
      labs: [2],
      hours: 24,
      restartHours: [2],
      isGreedy: true,
    } as const
    const store = createMemoryUsageStore()
    const { mostPerDay } = runQuotaWorld({ ...world, store, beforeRestart: () => 9e8 })
    expect(mostPerDay).toBeLessThanOrEqual(954 + 11 * 38)
  })

  it('lets a program that starts poll within minutes, also after many starts', () => {
    const { longestPauseMs } = runQuotaWorld({
      plan: 'free',
      headers: 'none',
      labs: [2],
      hours: 24,
      restartHours: [24 / 50],
      isGreedy: true,
      store: createMemoryUsageStore(),
    })
    // Actions that were sent beyond the budget are waited for: 16 of them take 26 min.
    expect(longestPauseMs).toBeLessThan(35 * MINUTE_MS)
  })

  it('is written down in lots on a large plan, once a program has sent more than a command does', () => {
    const store = createMemoryUsageStore()
    const budget = createKeyBudget(
      () => 0,
      () => 0,
      store,
    )
    budget.onResponse(new Headers({ 'x-ratelimit-limit': '50000' }), true)
    const writes = store.writes
    for (let count = 0; count < 16; count += 1) budget.onRequest()
    expect(store.writes - writes).toBe(16)
    for (let count = 0; count < 20; count += 1) budget.onRequest()
    expect(store.writes - writes).toBe(18)
  })

  const PRO = new Headers({ 'x-ratelimit-limit': '300', 'x-ratelimit-remaining': '280' })
  const openAt = (store: ReturnType<typeof createMemoryUsageStore>, atMs: number) =>
    createKeyBudget(
      () => 0,
      () => atMs,
      store,
    )

  it('knows its plan before the first reply, for a day after the last one', () => {
    const store = createMemoryUsageStore()
    openAt(store, 0).onResponse(PRO, true)
    expect(openAt(store, 23 * HOUR_MS).plan().name).toBe('pro')
    expect(openAt(store, 25 * HOUR_MS).plan().name).toBe('free')
    const damaged = createMemoryUsageStore()
    damaged.text = store.text!.replace('300', '"300"')
    expect(openAt(damaged, 0).plan().name).toBe('free')
  })

  it('lets a hundred commands in a row read on a large plan, each a program of its own', () => {
    const store = createMemoryUsageStore()
    let refused = 0
    for (let command = 0; command < 100; command += 1) {
      const budget = openAt(store, command * 10_000)
      for (let read = 0; read < 3; read += 1) {
        if (budget.readWaitMs() > 0) refused += 1
        budget.onRequest()
        budget.onResponse(PRO, true)
      }
    }
    expect(refused).toBe(0)
  })

  it('holds back reads, but no action and not what an action needs to read', () => {
    const store = createMemoryUsageStore()
    for (let reader = openAt(store, 0); reader.readWaitMs() === 0; reader = openAt(store, 0))
      while (reader.readWaitMs() === 0) reader.onRequest()
    for (let start = 0; start < 5; start += 1) {
      const budget = openAt(store, 0)
      expect(budget.readWaitMs()).toBeGreaterThan(0)
      expect(budget.writeWaitMs()).toBe(0)
      budget.readForAction()
      for (let read = 0; read < 2; read += 1) {
        expect(budget.readWaitMs()).toBe(0)
        budget.onRequest()
      }
      budget.onRequest()
    }
    // Beyond that, what reads for actions waits, too, and an action never does.
    const budget = openAt(store, 0)
    budget.readForAction()
    while (budget.readWaitMs() === 0) budget.onRequest()
    expect(budget.writeWaitMs()).toBe(0)
  })

  it('counts nothing that found nobody to connect to', () => {
    const store = createMemoryUsageStore()
    const budget = openAt(store, 0)
    const before = budget.savedRequests()
    for (let count = 0; count < 100; count += 1) {
      budget.onRequest()
      budget.onUnsent()
    }
    expect(budget.savedRequests()).toBe(before)
    expect(openAt(store, 0).savedRequests()).toBeGreaterThan(before - 2)
  })

  it('is counted in the program where nothing can be stored, and stored later', () => {
    const store = createMemoryUsageStore()
    const open = () =>
      createKeyBudget(
        () => 0,
        () => 0,
        store,
      )
    const budget = open()
    store.isFull = true
    for (let count = 0; count < 30; count += 1) budget.onRequest()
    expect(store.text).toBeNull()
    store.isFull = false
    budget.onRequest()
    // The programs share 37.5 requests at once.
    expect(JSON.parse(store.text!)).toMatchObject({ requests: 6.5 })
  })

  it('may be used where what is stored is damaged and nothing can be stored', () => {
    const store = createMemoryUsageStore()
    store.text = '{'
    store.isFull = true
    const budget = createKeyBudget(
      () => 0,
      () => 0,
      store,
    )
    expect(budget.readWaitMs()).toBe(0)
  })
})
