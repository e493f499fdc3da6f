import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createKeyBudget } from '../../../src/providers/hubify/quota/key-budget'
import { json, startHttpServer } from '../../harness/http/http-server'
import { headerKinds, runQuotaWorld } from './quota-world'
import { connectLab, sampleLabPod } from './sample-lab'

const labs = fc.array(fc.nat(2), { minLength: 1, maxLength: 5 })

describe('the requests of all labs of a key', () => {
  it('are never more than the free plan allows in any 24 h, whatever is asked, failing and restarted', () => {
    const world = fc.record({
      plan: fc.constant('free' as const),
      headers: fc.constantFrom(...headerKinds),
      labs,
      hours: fc.constant(36),
      stepMs: fc.constant(60_000),
      restartHours: fc.array(fc.double({ min: 2, max: 9, noNaN: true }), { maxLength: 6 }),
      isGreedy: fc.boolean(),
      failEvery: fc.constantFrom(0, 1, 2, 7),
    })
    fc.assert(
      fc.property(world, (options) => {
        const { mostPerDay, mostPerMinute } = runQuotaWorld(options)
        expect(mostPerDay).toBeLessThanOrEqual(1_000)
        expect(mostPerMinute).toBeLessThanOrEqual(60)
      }),
      { numRuns: 30 },
    )
  })

  it('leave half of the free plan to other tools while the program just runs', () => {
    for (const headers of headerKinds) {
      const { mostPerDay } = runQuotaWorld({ plan: 'free', headers, labs: [2, 0, 1], hours: 72 })
      expect(mostPerDay).toBeLessThanOrEqual(500)
    }
  })

  it('include polls at the documented rate, whatever the headers and however many labs', () => {
    fc.assert(
      fc.property(fc.constantFrom(...headerKinds), labs, (headers, details) => {
        const hours = 36
        const { polls, refusedPolls, intervalsMs } = runQuotaWorld({
          plan: 'free',
          headers,
          labs: details,
          hours,
        })
        const expected = intervalsMs.reduce((sum, intervalMs) => sum + (hours * 3_600_000) / intervalMs, 0)
        expect(polls).toBeGreaterThan(0.9 * expected - details.length)
        expect(polls).toBeLessThan(1.1 * expected + 12)
        expect(refusedPolls).toBeLessThan(0.1 * expected + details.length)
        // Nothing is left unused either: polls get four fifths of half of the plan.
        const requests = intervalsMs.map(
          (intervalMs, index) => (86_400_000 / intervalMs) * (1 + details[index]!),
        )
        expect(requests.reduce((sum, each) => sum + each, 0)).toBeCloseTo(400, 0)
      }),
      { numRuns: 12 },
    )
  })

  it.each([
    ['pro', 'minute', 50_000, 0.1],
    ['pro', 'day', 50_000, 0.1],
    ['team', 'day', 500_000, 0.1],
    // A limit of 1,000 may be that of the free plan, until its window is known to be short.
    ['team', 'minute', 500_000, 4],
  ] as const)('are more on the plan %s, known by the headers of the %s', (plan, headers, perDay, withinH) => {
    const { recognized, recognizedAfterH, mostPerDay, intervalsMs } = runQuotaWorld({
      plan,
      headers,
      labs: [1, 1],
      hours: 30,
    })
    expect(recognized).toBe(plan)
    expect(recognizedAfterH).toBeLessThan(withinH)
    expect(mostPerDay).toBeLessThanOrEqual(perDay)
    expect(Math.max(...intervalsMs)).toBeLessThan(25_000)
  })

  it('never take a window of a day for one of a minute, even where it seems to end again and again', () => {
    for (const headers of ['day', 'sliding', 'alternating'] as const) {
      for (const failEvery of [0, 3]) {
        const world = {
          plan: 'free',
          headers,
          labs: [1, 2],
          hours: 60,
          stepMs: 60_000,
          failEvery,
          isGreedy: true,
        } as const
        expect(runQuotaWorld(world).recognized).toBe('free')
      }
    }
  })
})

describe('the plan of a key', () => {
  function budgetAt(): {
    readonly budget: ReturnType<typeof createKeyBudget>
    readonly advance: (ms: number) => void
  } {
    let nowMs = 0
    return {
      budget: createKeyBudget(
        () => nowMs,
        () => nowMs,
      ),
      advance: (ms) => (nowMs += ms),
    }
  }
  const limit = (value: string) => new Headers({ 'x-ratelimit-limit': value })

  it('is the lowest that was reported within a day', () => {
    const { budget, advance } = budgetAt()
    expect(budget.plan().name).toBe('free')
    budget.onResponse(limit('50000'), true)
    expect(budget.plan().name).toBe('pro')
    budget.onResponse(limit('60'), true)
    budget.onResponse(limit('500000'), true)
    expect(budget.plan().name).toBe('free')
    advance(23 * 3_600_000)
    budget.onResponse(limit('500000'), true)
    expect(budget.plan().name).toBe('free')
    advance(2 * 3_600_000)
    expect(budget.plan().name).toBe('team')
    advance(25 * 3_600_000)
    expect(budget.plan().name).toBe('free')
  })

  it.each(['120', '0', '-300', '300, 300', '3e2', 'Infinity', '', 'pro'])(
    'is not changed by the limit %j',
    (value) => {
      const { budget } = budgetAt()
      budget.onResponse(limit(value), true)
      expect(budget.plan().name).toBe('free')
    },
  )

  it('is not changed by a reply that is not the API’s', () => {
    const { budget } = budgetAt()
    budget.onResponse(limit('500000'), false)
    expect(budget.plan().name).toBe('free')
  })

  it('is not that of a team by the same reply again and again', () => {
    const { budget, advance } = budgetAt()
    for (let count = 0; count < 500; count += 1) {
      advance(60_000)
      budget.onResponse(
        new Headers({
          'x-ratelimit-limit': '1000',
          'x-ratelimit-remaining': '999',
          'x-ratelimit-reset': '1764000000',
        }),
        true,
      )
    }
    expect(budget.plan().name).toBe('free')
  })
})

describe('a lab’s reads over HTTP', () => {
  it('stay within the free plan for half a day of polls as often as possible, and are held back locally', async () => {
    const server = await startHttpServer()
    const { lab, clock } = connectLab(server)
    server.replyWith(() => json({ data: [sampleLabPod()] }, { headers: { 'x-ratelimit-limit': '60' } }))
    let held = 0
    for (let minute = 0; minute < 12 * 60; minute += 4) {
      const list = await lab.listPods()
      if (!list.ok) {
        held += 1
        expect(list.error).toMatchObject({ kind: 'rate-limited', status: null })
        expect(list.error.retryAfterMs).toBeGreaterThan(0)
      }
      await lab.readLabSpending!()
      clock.advance(4 * 60_000)
    }
    await server.close()
    expect(held).toBe(0)
    expect(server.requests.length).toBeGreaterThan(180)
    expect(server.requests.length).toBeLessThanOrEqual(258)
    expect(server.requests.filter(({ path }) => path.includes('/costs')).length).toBeGreaterThan(40)
  })

  it('are held back at once when they come in a crowd, also after a restart', async () => {
    const server = await startHttpServer(json([]))
    for (let start = 0; start < 3; start += 1) {
      const { lab } = connectLab(server)
      const lists = await Promise.all(Array.from({ length: 50 }, () => lab.listPods()))
      expect(lists.filter(({ ok }) => ok)).toHaveLength(16)
    }
    await server.close()
    expect(server.requests).toHaveLength(48)
  })

  it('observe an action more often while saved requests last', async () => {
    const server = await startHttpServer(json([]))
    const { lab, clock } = connectLab(server)
    await lab.listPods()
    expect(lab.minPollIntervalMs()).toBe(216_000)
    await lab.act('a', 'stop')
    expect(lab.minPollIntervalMs()).toBe(15_000)
    clock.advance(120_000)
    expect(lab.minPollIntervalMs()).toBe(216_000)
    await server.close()
  })
})
