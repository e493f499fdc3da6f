import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { leftoverCosts, type LeftoverInput } from '../../../src/core/clean-up/leftover-costs'
import { monthlyText } from '../../../src/core/clean-up/clean-up-text'
import type { StopEvidence } from '../../../src/core/clean-up/stopped-since'
import { DAY_MS } from '../../../src/core/base/time/time'
import type { Pod } from '../../../src/core/pods/pod'
import { volume } from '../../harness/samples/configurations'
import { pod } from '../../harness/samples/pods'

const NOW = Date.UTC(2026, 11, 7)
const daysAgo = (days: number): number => NOW - days * DAY_MS

const seen = (sinceDays: number, more: Partial<StopEvidence> = {}): StopEvidence => ({
  isUsed: false,
  sinceMs: daysAgo(sinceDays),
  atMs: NOW - 60_000,
  billingState: {
    kind: 'off',
    computeRate: 690_000_000,
    onDiskRate: 0,
    offRate: 0,
    startedAtMs: null,
    createdAtMs: null,
  },
  ...more,
})

const neverSeenOn = { ...seen(0).billingState, computeRate: null }

const stopped = (more: Partial<Pod> = {}): Pod =>
  pod({
    id: 'llama',
    name: 'llama',
    phase: 'stopped',
    createdAtMs: daysAgo(90),
    startedAtMs: daysAgo(60),
    persistentMount: { sizeGb: 100, path: '/workspace' },
    ...more,
  })

const leftovers = (more: Partial<LeftoverInput> & { readonly pods?: readonly Pod[] } = {}) =>
  leftoverCosts({
    nowMs: NOW,
    pods: [],
    ownPods: more.pods ?? [],
    podsProblem: null,
    volumes: { volumes: [], readAtMs: NOW, problem: null },
    observations: new Map(),
    ...more,
  })

const listed = (...volumes: readonly ReturnType<typeof volume>[]) => ({
  volumes,
  readAtMs: NOW,
  problem: null,
})
const names = (part: { readonly kind: string } | undefined): unknown =>
  part !== undefined && 'items' in part ? (part.items as { id: string }[]).map(({ id }) => id) : part?.kind
const observed = (evidence: StopEvidence) => new Map([['pod/llama', evidence]])

describe('a network volume', () => {
  test('that no pod mounts is listed with its price, and one that any pod mounts never is', () => {
    const free = volume({ id: 'free', name: 'free', sizeGb: 100 })
    const found = leftovers({
      pods: [stopped({ phase: 'running', networkMounts: [{ volumeId: 'used', path: '/data' }] })],
      // The pod is shown by another account; what it mounts is mounted all the same.
      ownPods: [],
      volumes: listed(free, volume({ id: 'used' })),
    })
    expect(names(found.volumes)).toEqual(['free'])
    expect(found.total).toEqual({ usd: expect.closeTo(7), isAtLeast: false })
  })

  test.each([
    ['the pods could not be read', { podsProblem: 'No reply.' }],
    ['the volumes could not be read', { volumes: { ...listed(volume()), problem: 'No reply.' } }],
    ['the volumes are not read yet', { volumes: { volumes: [], readAtMs: null, problem: null } }],
    ['what a pod mounts could not be read', { pods: [stopped({ areMountsKnown: false })] }],
  ] satisfies [string, Partial<LeftoverInput>][])('is never called unused while %s', (_, more) => {
    const found = leftovers({ volumes: listed(volume()), ...more })
    expect(found.volumes?.kind).toBe('unknown')
    expect(monthlyText(found.total)).toMatch(/unknown|at least/)
  })

  test('without a public price counts as "at least"', () => {
    const found = leftovers({
      volumes: listed(volume({ id: 'fast', isHighPerformance: true }), volume({ id: 'free', sizeGb: 100 })),
    })
    expect(names(found.volumes)).toEqual(['fast', 'free'])
    expect(monthlyText(found.total)).toBe('at least $7.00 a month')
  })

  test('is nothing where the account can have none', () => {
    expect(leftovers({ volumes: null })).not.toHaveProperty('volumes')
  })
})

describe('a stopped pod', () => {
  test('is listed with since when and what its disks cost once it was seen stopped for 14 days', () => {
    const found = leftovers({ pods: [stopped()], observations: observed(seen(14)) })
    expect(found.pods).toEqual({
      kind: 'read',
      gap: null,
      items: [{ id: 'llama', name: 'llama', perMonthUsd: expect.closeTo(20), stoppedSinceMs: daysAgo(14) }],
    })
    expect(found.total.usd).toBeCloseTo(20)
  })

  test.each([
    ['stopped for 13 days', stopped(), seen(13.99)],
    ['created 13 days ago', stopped({ createdAtMs: daysAgo(13), startedAtMs: null }), undefined],
    ['started 13 days ago, while nothing watched', stopped({ startedAtMs: daysAgo(13) }), seen(40)],
    ['seen on yesterday', stopped(), seen(40, { isUsed: true, atMs: daysAgo(1) })],
    ['running', stopped({ phase: 'running' }), seen(40)],
    ['of a cluster', stopped({ clusterId: 'c' }), seen(40)],
  ] as const)('that is %s is not named at all', (_, one, evidence) => {
    const observations = evidence === undefined ? new Map<string, StopEvidence>() : observed(evidence)
    const found = leftovers({ pods: [one], observations })
    expect([names(found.pods), found.unclearPods]).toEqual([[], []])
  })

  test.each([
    ['nothing was observed of it', stopped(), undefined, null],
    ['its last start is not known', stopped({ startedAtMs: null }), seen(40), null],
    ['it was started since, while nothing watched', stopped({ startedAtMs: daysAgo(20) }), seen(40), null],
    ['it was never seen on', stopped(), seen(3, { billingState: neverSeenOn }), daysAgo(3)],
  ] as const)('is unclear, and in no total, while %s', (_, one, evidence, stoppedSinceMs) => {
    const observations = evidence === undefined ? new Map<string, StopEvidence>() : observed(evidence)
    const found = leftovers({ pods: [one], observations })
    expect(names(found.pods)).toEqual([])
    expect(found.unclearPods).toMatchObject([{ id: 'llama', stoppedSinceMs }])
    expect(found.total).toEqual({ usd: 0, isAtLeast: false })
  })

  test('is not named while not every pod is known, and its price is unknown where its service doesn’t say it', () => {
    const lists = { pods: [stopped()], observations: observed(seen(20)) }
    const partial = leftovers({ ...lists, podsProblem: 'Partial.' })
    expect(partial).toMatchObject({ pods: { kind: 'unknown' }, unclearPods: [], total: { isAtLeast: true } })
    const managed = { cloudPodId: null, idleMinutes: null, stopsAtMs: null, terminatesAtMs: null }
    const found = leftovers({ ...lists, pods: [stopped({ managed })] })
    expect(found.pods).toMatchObject({ items: [{ perMonthUsd: null }] })
  })
})

test('whatever is observed, nothing that a pod mounts and no pod that was on within 14 days is listed, and the total is that of the list', () => {
  const days = fc.integer({ min: 0, max: 60 })
  const time = fc.option(days.map(daysAgo))
  const arbitrary = fc.record({
    phase: fc.constantFrom('running', 'stopped', 'creating', 'error' as const),
    startedAtMs: time,
    createdAtMs: time,
    areMountsKnown: fc.boolean(),
    mounted: fc.subarray(['v0', 'v1', 'v2']),
    evidence: fc.option(fc.record({ sinceDays: days, agoDays: days, isUsed: fc.boolean() })),
  })
  fc.assert(
    fc.property(fc.array(arbitrary, { maxLength: 4 }), (facts) => {
      const pods = facts.map(({ phase, startedAtMs, createdAtMs, areMountsKnown, mounted }, index) =>
        stopped({
          id: `p${index}`,
          phase,
          startedAtMs,
          createdAtMs,
          areMountsKnown,
          networkMounts: mounted.map((volumeId) => ({ volumeId, path: '/data' })),
        }),
      )
      const observations = new Map(
        facts.flatMap(({ evidence }, index) => {
          if (evidence === null) return []
          const { sinceDays, agoDays, isUsed } = evidence
          const atMs = daysAgo(Math.min(sinceDays, agoDays))
          return [[`pod/p${index}`, { ...seen(sinceDays), isUsed, atMs }] as const]
        }),
      )
      const volumes = listed(...['v0', 'v1', 'v2'].map((id) => volume({ id, sizeGb: 100 })))
      const found = leftovers({ pods, observations, volumes })
      const volumeIds = names(found.volumes)
      if (Array.isArray(volumeIds)) {
        expect(pods.every(({ areMountsKnown }) => areMountsKnown)).toBe(true)
        for (const { mounted } of facts) for (const id of mounted) expect(volumeIds).not.toContain(id)
      }
      const items = found.pods.kind === 'read' ? found.pods.items : []
      for (const { id } of items) {
        const { phase, startedAtMs, evidence } = facts[Number(id.slice(1))] ?? {}
        expect(phase).toBe('stopped')
        expect(startedAtMs).toBeLessThanOrEqual(daysAgo(14))
        expect(evidence).toMatchObject({ isUsed: false })
        expect(evidence?.sinceDays).toBeGreaterThanOrEqual(14)
      }
      const prices = [...items, ...(found.volumes?.kind === 'read' ? found.volumes.items : [])]
      expect(found.total.usd).toBeCloseTo(prices.reduce((sum, each) => sum + (each.perMonthUsd ?? 0), 0))
    }),
  )
})
