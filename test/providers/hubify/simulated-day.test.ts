import { describe, expect, it } from 'vitest'
import { HOUR_MS, type Instant } from '../../../src/core/base/time/time'
import { createHubifyKey } from '../../../src/providers/hubify/key'
import type { HubifyBehavior } from '../../../src/simulator/control/hubify-behavior'
import { HUBIFY_KEY } from '../../../src/simulator/simulator'
import { startSimulator } from '../../harness/simulator/simulator-fixture'
import { LAB, valueOf } from './sample-lab'

const OTHER = { id: 'k17d3f5g6h7j8k9m', slug: 'protein-folds' } as const

describe('a working day of two labs at a simulated Hubify that counts requests', () => {
  it.each<readonly [HubifyBehavior['quotaHeaders'], boolean]>([
    ['tightest', false],
    ['minute', true],
    ['none', false],
  ])(
    'stays within the free plan with the headers of %s, and no poll is held back',
    async (quotaHeaders, hasPlannedRoutes) => {
      // Earlier than the dates of HTTP, which are real, so that no window seems to last for days.
      let wallMs = Date.now() - 72 * HOUR_MS
      const startMs = wallMs
      const now = (): Instant => ({ wallMs, monotonicMs: wallMs, runId: 'test' })
      const pods = [
        { pod: { name: 'one', mode: 'training' } },
        { pod: { name: 'two', mode: 'training' } },
      ] as const
      const { simulator } = await startSimulator({
        now: () => wallMs,
        hubify: {
          plan: 'free',
          behavior: { quotaHeaders, hasPlannedRoutes },
          labs: [{ ...LAB, pods }, OTHER],
        },
      })
      const key = createHubifyKey({
        baseUrl: simulator.hubifyUrl,
        hosts: 'loopback-only',
        apiKey: HUBIFY_KEY,
        version: '1',
        now,
        random: () => 0.5,
        sleep: async (ms) => {
          wallMs += ms
        },
      })
      expect(valueOf(await key.listLabs()).map(({ id }) => id)).toEqual([LAB.id, OTHER.id])
      const labs = [LAB, OTHER].map((lab) => key.lab(lab, () => ({ usesAnnouncedRoutes: true })))
      const nextMs = labs.map(() => wallMs)
      let polls = 0
      while (wallMs < startMs + 8 * HOUR_MS) {
        for (const [index, lab] of labs.entries()) {
          if (wallMs < nextMs[index]!) continue
          valueOf(await lab.listPods())
          polls += 1
          nextMs[index] = wallMs + lab.minPollIntervalMs()
          const spending = await lab.readLabSpending!()
          if (!spending.ok) expect(spending.error).toMatchObject({ kind: 'rate-limited', status: null })
        }
        wallMs = Math.max(wallMs + 1_000, Math.min(...nextMs))
      }
      expect(simulator.requests.length).toBeLessThanOrEqual(176)
      // A list and two details in one lab, a list in the other, out of the polls' 133 requests.
      expect(polls).toBeGreaterThan(hasPlannedRoutes ? 76 : 123)
    },
  )
})
