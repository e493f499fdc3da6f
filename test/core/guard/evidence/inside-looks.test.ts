import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createInsideLooks, type LookInside } from '../../../../src/core/guard/evidence/inside-looks'
import type { InsideReading } from '../../../../src/core/idle/inside/inside-look'
import type { Pod } from '../../../../src/core/pods/pod'
import { fail, ok, type Result } from '../../../../src/core/base/result'
import { MINUTE_MS, SECOND_MS } from '../../../../src/core/base/time/time'
import { createFakeClock, flushPromises, START_MS } from '../../../harness/base/fake-clock'
import { pod, stoppedPod } from '../../../harness/samples/pods'

/** Looks that take `takesMs` and find what is set for the pod; at rest by default. */
function createLooks(takesMs = MINUTE_MS) {
  const clock = createFakeClock()
  const started: string[] = []
  const canceled: string[] = []
  const running = new Map<string, number>()
  const findings = new Map<string, InsideReading['verdict'] | { readonly failure: string }>()
  const reports: string[] = []
  const mostAtOnce = { all: 0, perPod: 0 }
  let changes = 0
  const readingOf = (id: string): Result<InsideReading, string> => {
    const finding = findings.get(id) ?? 'at-rest'
    if (typeof finding === 'object') return fail(finding.failure)
    return ok({
      verdict: finding,
      at: clock.now(),
      intervalMs: MINUTE_MS,
      processCount: 3,
      busiest: { name: 'python3', percentOfCore: finding === 'working' ? 97 : 1 },
      diskBytesPerS: 0,
      networkBytesPerS: 0,
    })
  }
  const lookInside: LookInside = ({ id }) => {
    started.push(id)
    running.set(id, (running.get(id) ?? 0) + 1)
    mostAtOnce.perPod = Math.max(mostAtOnce.perPod, running.get(id) ?? 0)
    mostAtOnce.all = Math.max(
      mostAtOnce.all,
      [...running.values()].reduce((a, b) => a + b, 0),
    )
    const done = () => running.set(id, (running.get(id) ?? 0) - 1)
    const result = new Promise<Result<InsideReading, string>>((resolve) =>
      clock.schedule(takesMs, () => {
        done()
        resolve(readingOf(id))
      }),
    )
    return {
      result,
      cancel() {
        canceled.push(id)
      },
    }
  }
  const looks = createInsideLooks(
    { clock, lookInside, report: (what) => reports.push(what) },
    () => (changes += 1),
  )
  const verdict = (one: Pod) => looks.verdictOf(one, clock.now())
  return { looks, clock, started, canceled, findings, reports, mostAtOnce, verdict, changes: () => changes }
}

const atRest = { kind: 'at-rest', text: 'python3 used 1% of one core; disk 0 MB/s, network 0 MB/s' }

describe('a look that the guard wants', () => {
  test('gives a verdict of the minute that was observed', async () => {
    const { looks, clock, verdict, started, changes } = createLooks()
    expect(verdict(pod())).toBeNull()
    looks.want(pod())
    expect(started).toEqual(['pod-1'])
    expect(looks.viewOf(pod(), clock.now())).toEqual({ isRunning: true, verdict: null, obstacle: null })
    expect(changes()).toBe(1)
    await clock.advanceAsync(MINUTE_MS)
    expect(verdict(pod())).toEqual({ ...atRest, atMs: START_MS + MINUTE_MS })
    expect(looks.viewOf(pod(), clock.now())).toMatchObject({ isRunning: false, verdict: atRest })
    expect(changes()).toBe(2)
  })

  test('is not made twice at the same time, nor sooner than 10 min after the last one', async () => {
    const { looks, clock, findings, started } = createLooks()
    findings.set('pod-1', { failure: 'it was not reached' })
    for (let s = 0; s < 600; s += 15) {
      looks.want(pod())
      await clock.advanceAsync(15 * SECOND_MS)
    }
    expect(started).toHaveLength(1)
    looks.want(pod())
    expect(started).toHaveLength(2)
  })

  test('is not made while a younger verdict stands, and renews one that is older than 10 min', async () => {
    const { looks, clock, started, verdict } = createLooks()
    looks.want(pod())
    await clock.advanceAsync(MINUTE_MS)
    await clock.advanceAsync(10 * MINUTE_MS - 1)
    looks.want(pod())
    expect(started).toHaveLength(1)
    await clock.advanceAsync(1)
    looks.want(pod())
    expect(started).toHaveLength(2)
    // The old one holds until the new one is there.
    expect(verdict(pod())).toMatchObject({ atMs: START_MS + MINUTE_MS })
    await clock.advanceAsync(MINUTE_MS)
    expect(verdict(pod())).toMatchObject({ atMs: START_MS + 12 * MINUTE_MS })
  })

  test('is made into two pods at a time', async () => {
    const { looks, clock, started } = createLooks()
    const pods = ['a', 'b', 'c'].map((id) => pod({ id }))
    for (const one of pods) looks.want(one)
    expect(started).toEqual(['a', 'b'])
    await clock.advanceAsync(MINUTE_MS)
    for (const one of pods) looks.want(one)
    expect(started).toEqual(['a', 'b', 'c'])
  })

  test('is never made into a pod that does not run, nor without a way to look', () => {
    const { looks, started } = createLooks()
    looks.want(stoppedPod())
    looks.want(pod({ phase: 'creating' }))
    expect(started).toEqual([])
    const without = createInsideLooks({ clock: createFakeClock(), report: () => {} }, () => {})
    without.want(pod())
    expect(without.obstacleOf('pod-1')).toBeNull()
  })

  test('that fails leaves no verdict and says what kept it, until one succeeds', async () => {
    const { looks, clock, findings, verdict } = createLooks()
    findings.set('pod-1', { failure: "its host key isn't trusted yet" })
    looks.want(pod())
    await clock.advanceAsync(MINUTE_MS)
    expect(verdict(pod())).toBeNull()
    expect(looks.obstacleOf('pod-1')).toBe("its host key isn't trusted yet")
    findings.delete('pod-1')
    await clock.advanceAsync(9 * MINUTE_MS)
    looks.want(pod())
    await clock.advanceAsync(MINUTE_MS)
    expect(looks.obstacleOf('pod-1')).toBeNull()
    expect(verdict(pod())).toMatchObject(atRest)
  })

  test('that never ends is given up after two and a half minutes', async () => {
    const { looks, clock, canceled, verdict } = createLooks(60 * MINUTE_MS)
    looks.want(pod())
    await clock.advanceAsync(150 * SECOND_MS - 1)
    expect(canceled).toEqual([])
    await clock.advanceAsync(1)
    expect(canceled).toEqual(['pod-1'])
    expect(looks.obstacleOf('pod-1')).toBe('the look took too long')
    // What it may still find counts no more.
    await clock.advanceAsync(60 * MINUTE_MS)
    expect(verdict(pod())).toBeNull()
  })

  test('that throws is reported, and counts as failed', async () => {
    const reports: string[] = []
    const context = {
      clock: createFakeClock(),
      lookInside: () => ({ result: Promise.reject(new Error('bug')), cancel() {} }),
      report: (what: string) => reports.push(what),
    }
    const looks = createInsideLooks(context, () => {})
    looks.want(pod())
    await flushPromises()
    expect(looks.obstacleOf('pod-1')).toBe('the look failed')
    expect(reports).toEqual(['A look inside a pod failed'])
  })
})

describe('a verdict', () => {
  async function withVerdict() {
    const made = createLooks()
    made.looks.want(pod())
    await made.clock.advanceAsync(MINUTE_MS)
    return made
  }

  test('holds for 15 min', async () => {
    const { clock, verdict } = await withVerdict()
    await clock.advanceAsync(15 * MINUTE_MS)
    expect(verdict(pod())).toMatchObject(atRest)
    await clock.advanceAsync(1)
    expect(verdict(pod())).toBeNull()
  })

  test('is of one run of the pod', async () => {
    const { verdict } = await withVerdict()
    expect(verdict(pod({ startedAtMs: START_MS }))).toBeNull()
    expect(verdict(pod({ startedAtMs: null }))).toBeNull()
    expect(verdict(stoppedPod())).toBeNull()
    expect(verdict(pod({ id: 'other' }))).toBeNull()
    expect(verdict(pod())).toMatchObject(atRest)
  })

  test('of a pod that does not say when it started never holds', async () => {
    const { looks, clock, verdict } = createLooks()
    looks.want(pod({ startedAtMs: null }))
    await clock.advanceAsync(MINUTE_MS)
    expect(verdict(pod({ startedAtMs: null }))).toBeNull()
  })

  test('of a pod that was restarted during the look belongs to the run before', async () => {
    const { looks, clock, verdict } = createLooks()
    looks.want(pod())
    await clock.advanceAsync(MINUTE_MS)
    expect(verdict(pod({ startedAtMs: START_MS + 30 * SECOND_MS }))).toBeNull()
  })

  test('does not outlast a sleep of this computer, or a clock that is set', async () => {
    for (const ms of [31 * SECOND_MS, -31 * SECOND_MS]) {
      const { clock, verdict } = await withVerdict()
      clock.shiftWallClock(ms)
      expect(verdict(pod())).toBeNull()
    }
    const { clock, verdict } = await withVerdict()
    clock.restart('run-2')
    expect(verdict(pod())).toBeNull()
  })
})

describe('a look that a person requests', () => {
  test('is made at any time and resolves with the verdict', async () => {
    const { looks, clock, findings, started } = createLooks()
    looks.want(pod())
    await clock.advanceAsync(2 * MINUTE_MS)
    findings.set('pod-1', 'working')
    const result = looks.lookNow(pod())
    expect(started).toHaveLength(2)
    await clock.advanceAsync(MINUTE_MS)
    expect(await result).toMatchObject({
      ok: true,
      value: { kind: 'working', text: 'python3 used 97% of one core; disk 0 MB/s, network 0 MB/s' },
    })
  })

  test('joins the one that runs', async () => {
    const { looks, clock, started } = createLooks()
    looks.want(pod())
    const results = [looks.lookNow(pod()), looks.lookNow(pod())]
    await clock.advanceAsync(MINUTE_MS)
    expect(await Promise.all(results)).toMatchObject([{ ok: true }, { ok: true }])
    expect(started).toHaveLength(1)
  })

  test('keeps the guard from making another one at the same time', async () => {
    const { looks, clock, started } = createLooks()
    void looks.lookNow(pod())
    await clock.advanceAsync(SECOND_MS)
    looks.want(pod())
    expect(started).toHaveLength(1)
  })

  test('waits while two others run, and then comes first', async () => {
    const { looks, clock, started } = createLooks()
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((id) => pod({ id }))
    looks.want(a!)
    looks.want(b!)
    const result = looks.lookNow(c!)
    expect(started).toEqual(['a', 'b'])
    await clock.advanceAsync(MINUTE_MS)
    expect(started).toEqual(['a', 'b', 'c'])
    looks.want(d!)
    await clock.advanceAsync(MINUTE_MS)
    expect(await result).toMatchObject({ ok: true })
  })

  test('fails with a sentence', async () => {
    const { looks, clock, findings } = createLooks()
    expect(await looks.lookNow(stoppedPod())).toEqual({
      ok: false,
      error: "Podkeeper couldn't look inside trainer: it is not running.",
    })
    findings.set('pod-1', { failure: "its host key isn't trusted yet" })
    const result = looks.lookNow(pod())
    await clock.advanceAsync(MINUTE_MS)
    expect(await result).toEqual({
      ok: false,
      error: "Podkeeper couldn't look inside trainer: its host key isn't trusted yet.",
    })
  })
})

test('nothing runs any more once the looks are ended', async () => {
  const { looks, clock, started, canceled } = createLooks()
  looks.want(pod({ id: 'a' }))
  looks.want(pod({ id: 'b' }))
  const waiting = looks.lookNow(pod({ id: 'c' }))
  looks.dispose()
  expect(await waiting).toMatchObject({ ok: false })
  looks.want(pod({ id: 'd' }))
  await clock.advanceAsync(10 * MINUTE_MS)
  expect(started).toEqual(['a', 'b'])
  expect(canceled).toEqual(['a', 'b'])
})

test('whatever is wanted and requested when, the limits hold', async () => {
  const step = fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    isManual: fc.boolean(),
    thenMs: fc.constantFrom(0, SECOND_MS, 20 * SECOND_MS, MINUTE_MS, 6 * MINUTE_MS, 15 * MINUTE_MS),
    finding: fc.constantFrom('at-rest' as const, 'working' as const, { failure: 'no' }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const { looks, clock, started, findings, mostAtOnce } = createLooks()
      const automaticAtMs = new Map<string, number>()
      for (const { id, isManual, thenMs, finding } of steps) {
        findings.set(id, finding)
        const before = started.length
        if (isManual) void looks.lookNow(pod({ id }))
        else {
          looks.want(pod({ id }))
          const lastMs = automaticAtMs.get(id) ?? -Infinity
          if (started.length > before) {
            expect(clock.now().monotonicMs - lastMs).toBeGreaterThanOrEqual(10 * MINUTE_MS)
            automaticAtMs.set(id, clock.now().monotonicMs)
          }
        }
        await clock.advanceAsync(thenMs)
        const { wallMs } = clock.now()
        const verdict = looks.verdictOf(pod({ id }), clock.now())
        if (verdict !== null) expect(wallMs - verdict.atMs).toBeLessThanOrEqual(15 * MINUTE_MS)
      }
      await clock.advanceAsync(10 * MINUTE_MS)
      expect(mostAtOnce.all).toBeLessThanOrEqual(2)
      expect(mostAtOnce.perPod).toBeLessThanOrEqual(1)
    }),
    { numRuns: 60 },
  )
})
