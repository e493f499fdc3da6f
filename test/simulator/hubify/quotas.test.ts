import { describe, expect, it } from 'vitest'
import { HUBIFY_KEY, HUBIFY_READ_ONLY_KEY, type Simulator } from '../../../src/simulator/simulator'
import { LAB, sendHubify, startHubify } from '../../harness/simulator/hubify-fixture'
import { sendRequest } from '../../harness/simulator/simulator-fixture'

const list = (simulator: Simulator, key: string | null = HUBIFY_KEY) =>
  sendHubify(simulator, `/pods?labId=${LAB.id}`, { key })

/** Sends requests, all at the same simulated time, and counts what they were answered. */
async function statuses(simulator: Simulator, times: number): Promise<Record<number, number>> {
  const counts: Record<number, number> = {}
  for (let sent = 0; sent < times; sent += 50) {
    const batch = Array.from({ length: Math.min(50, times - sent) }, () => list(simulator))
    for (const { status } of await Promise.all(batch)) counts[status] = (counts[status] ?? 0) + 1
  }
  return counts
}

describe('the quota of a plan', () => {
  it.each([
    ['free', 60],
    ['pro', 300],
    ['team', 1_000],
  ] as const)('of %s is %i requests a minute', async (plan, perMinute) => {
    const { simulator, clock } = await startHubify([], { plan })
    expect(await statuses(simulator, perMinute + 2)).toEqual({ 200: perMinute, 429: 2 })
    const refused = await list(simulator)
    expect(refused.body.error).toMatchObject({ code: 'rate_limited', status: 429 })
    expect(refused.headers.get('retry-after')).toBe('60')
    clock.advanceS(59)
    expect((await list(simulator)).status).toBe(429)
    clock.advanceS(1)
    expect((await list(simulator)).status).toBe(200)
  })

  it('is pro by default, and none with null', async () => {
    const { simulator } = await startHubify([])
    expect((await list(simulator)).headers.get('x-ratelimit-limit')).toBe('300')
    const { simulator: without } = await startHubify([], { plan: null })
    expect((await list(without)).headers.get('x-ratelimit-limit')).toBeNull()
    expect(await statuses(without, 320)).toEqual({ 200: 320 })
  })

  it('of free allows a request every 88 s all day', async () => {
    const { simulator, clock } = await startHubify([], { plan: 'free' })
    for (let hour = 0; hour < 24; hour += 1) {
      expect(await statuses(simulator, 41)).toEqual({ 200: 41 })
      clock.advanceS(3_600)
    }
  })

  it('of free is used up before noon by a request every 30 s, and then says how long to wait', async () => {
    const { simulator, clock } = await startHubify([], { plan: 'free' })
    const HALF_HOUR_S = 1_800
    let usedS = 0
    for (; usedS < 16 * HALF_HOUR_S; usedS += HALF_HOUR_S) {
      expect(await statuses(simulator, 60)).toEqual({ 200: 60 })
      clock.advanceS(HALF_HOUR_S)
    }
    expect(await statuses(simulator, 45)).toEqual({ 200: 40, 429: 5 })
    const { status, headers } = await list(simulator)
    expect([status, headers.get('retry-after')]).toEqual([429, String(86_400 - usedS)])
    expect(headers.get('x-ratelimit-remaining')).toBe('0')
    expect(headers.get('x-ratelimit-limit')).toBe('1000')
    clock.advanceS(86_400 - usedS - 1)
    expect((await list(simulator)).status).toBe(429)
    clock.advanceS(1)
    expect((await list(simulator)).status).toBe(200)
  })

  it('is counted for each key, and not for what has no key or no route', async () => {
    const { simulator } = await startHubify([], { plan: 'free' })
    for (let i = 0; i < 70; i += 1) {
      await list(simulator, null)
      await sendHubify(simulator, '/nonsense')
    }
    expect(await statuses(simulator, 61)).toEqual({ 200: 60, 429: 1 })
    expect((await list(simulator, HUBIFY_READ_ONLY_KEY)).status).toBe(200)
    expect((await sendRequest(simulator, '/v2/pods')).headers.get('ratelimit')).toContain('"minute";r=599')
  })

  it('is shared by all labs and routes of a key, and reads that are refused count too', async () => {
    const { simulator } = await startHubify([], { plan: 'free' })
    for (const path of ['/labs', '/costs', '/pods?labId=none', `/experiments?labId=${LAB.id}`])
      await sendHubify(simulator, path)
    expect((await list(simulator)).headers.get('x-ratelimit-remaining')).toBe('55')
  })
})

describe('the headers of a quota', () => {
  /** The headers of the last of so many requests, 60 of them a minute. */
  const headersAfter = async (quotaHeaders: 'tightest' | 'minute' | 'none', requests: number) => {
    const { simulator, clock } = await startHubify([], { plan: 'free', behavior: { quotaHeaders } })
    const startMs = clock.now()
    let left = requests - 1
    for (; left >= 60; left -= 60) {
      await statuses(simulator, 60)
      clock.advanceS(60)
    }
    await statuses(simulator, left)
    const { headers } = await list(simulator)
    const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) =>
      headers.get(`x-ratelimit-${name}`),
    )
    return { limit, remaining, resetInS: reset === null ? null : Number(reset) - startMs / 1_000 }
  }

  it('are those of the minute at first, with the reset in Unix seconds', async () => {
    expect(await headersAfter('tightest', 1)).toEqual({ limit: '60', remaining: '59', resetInS: 60 })
  })

  it('are those of the day once fewer requests of it are left', async () => {
    expect(await headersAfter('tightest', 985)).toEqual({ limit: '1000', remaining: '15', resetInS: 86_400 })
  })

  it('can be those of the minute only, or absent', async () => {
    expect(await headersAfter('minute', 985)).toMatchObject({ limit: '60', resetInS: 1_020 })
    expect(await headersAfter('none', 3)).toEqual({ limit: null, remaining: null, resetInS: null })
  })
})
