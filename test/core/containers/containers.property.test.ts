import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PodReadiness } from '../../../src/core/containers/readiness'
import { createContainerWatch } from '../../../src/core/containers/container-watch'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { instant, pod } from '../../harness/samples/pods'

/* Random replies about one pod of one start, which may lack anything, and may show it restarted or dying. */

const rules = { limitMs: 15 * MINUTE_MS, gapMs: 6 * MINUTE_MS, clockToleranceMs: 30_000 }

const reply = fc.record({
  afterS: fc.constantFrom(15, 15, 15, 60, 240),
  uptime: fc.constantFrom('null', 'null', 'grows', 'grows', 'begins', 'negative', 'zero'),
  hasPorts: fc.boolean(),
  log: fc.constantFrom(null, null, 'started', 'telling', 'silent'),
})

test('a pod is never ready without a sign, never starting again once it was up, and never dead by less than the rule', () => {
  fc.assert(
    fc.property(fc.array(reply, { maxLength: 60 }), fc.boolean(), (replies, isNew) => {
      let log: string | null = null
      let ms = 0
      const watch = createContainerWatch({
        rules: () => rules,
        logOf: () => (log === null ? null : { isStarted: log === 'started', isTelling: log !== 'silent' }),
        progressOf: () => null,
        isSeenInside: () => false,
        createdGpusOf: () => null,
        now: () => instant(ms),
      })
      const startedAtMs = instant(isNew ? 0 : -3 * 60 * MINUTE_MS).wallMs
      let uptimeS = 0
      let hadSign = false
      let wasUp = false
      /** Readings that may count as an end of the container. */
      const ends: number[] = []
      /** Since when neither figures nor ports were shown. */
      let lostAtMs: number | null = null
      const seen: PodReadiness[] = []
      for (const { afterS, uptime, hasPorts, log: logNow } of replies) {
        ms += afterS * 1_000
        log = logNow
        uptimeS = uptime === 'begins' ? 1 : uptimeS + afterS
        const shownS = { null: null, grows: uptimeS, begins: 1, negative: -5, zero: 0 }[uptime] ?? null
        const publicPorts = hasPorts ? ['203.0.113.7:10022'] : []
        const now = pod({
          startedAtMs,
          telemetry: shownS === null ? null : { ...pod().telemetry!, uptimeS: Math.max(0, shownS) },
          container: { uptimeS: shownS, publicPorts },
        })
        watch.onList({ at: instant(ms), listed: [now], observed: [{ pod: now, creating: null }] })
        hadSign ||= (shownS !== null && shownS > 0) || hasPorts || logNow === 'started'
        if (shownS !== null && shownS <= 1) ends.push(ms)
        if (shownS !== null || hasPorts) lostAtMs = null
        else lostAtMs ??= ms
        const readiness = watch.readinessOf(now)
        if (readiness === 'ready') expect(hadSign).toBe(true)
        if (readiness === 'ready' || readiness === 'up') wasUp = true
        if (wasUp) expect(['up', 'ready', 'died']).toContain(readiness)
        if (readiness === 'died' && seen.at(-1) !== 'died') {
          const isLoop = ends.filter((at) => ms - at <= 10 * MINUTE_MS).length >= 3
          expect(isLoop || (lostAtMs !== null && ms - lostAtMs >= 10 * MINUTE_MS)).toBe(true)
        }
        seen.push(readiness)
      }
    }),
    { numRuns: 300 },
  )
})
