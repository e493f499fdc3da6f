import { describe, expect, test } from 'vitest'
import { createContainerWatch } from '../../../src/core/containers/container-watch'
import { MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import type { Pod } from '../../../src/core/pods/pod'
import { START_MS } from '../../harness/base/fake-clock'
import { instant, pod, stoppedPod, telemetry } from '../../harness/samples/pods'

const rules = { limitMs: 15 * MINUTE_MS, gapMs: 6 * MINUTE_MS, clockToleranceMs: 30_000 }
const EVERY_MS = 15 * SECOND_MS

function watchPods(created: Readonly<Record<string, number>> = {}) {
  let ms = 0
  const watch = createContainerWatch({
    rules: () => rules,
    logOf: () => null,
    progressOf: () => null,
    isSeenInside: () => false,
    createdGpusOf: (podId) => created[podId] ?? null,
    now: () => instant(ms),
  })
  /** Lists these pods for so long, every 15 s. */
  function list(minutes: number, pods: (ms: number) => readonly Pod[]): void {
    for (const end = ms + minutes * MINUTE_MS; ms < end; ms += EVERY_MS) {
      const listed = pods(ms)
      watch.onList({ at: instant(ms), listed, observed: listed.map((one) => ({ pod: one, creating: null })) })
    }
  }
  return { ...watch, list }
}
const ports = (id: string): readonly string[] => [`203.0.113.7:${id}`]
const up = (id: string, ms: number, over: Partial<Pod> = {}): Pod =>
  pod({
    id,
    telemetry: telemetry({ uptimeS: 3_600 + ms / 1_000 }),
    container: { uptimeS: 3_600 + ms / 1_000, publicPorts: ports(id) },
    ...over,
  })
const lost = (id: string, over: Partial<Pod> = {}): Pod =>
  pod({ id, telemetry: null, container: { uptimeS: null, publicPorts: [] }, ...over })
const kinds = (watch: ReturnType<typeof watchPods>, ...ids: readonly string[]) =>
  ids.map((id) => watch.stateOf(id)?.kind)

describe('figures and ports that are gone for 10 min', () => {
  test('show that a container died while another pod shows its own', () => {
    const watch = watchPods()
    watch.list(2, (ms) => [up('1', ms), up('2', ms)])
    watch.list(11, (ms) => [up('1', ms), lost('2')])
    expect(kinds(watch, '1', '2')).toEqual(['up', 'died'])
    expect(watch.outage()).toBeNull()
  })

  test('show it although a lookup of another pod timed out in the same poll', () => {
    const watch = watchPods()
    watch.list(2, (ms) => [up('1', ms), up('2', ms)])
    watch.list(1, () => [lost('1'), lost('2')])
    watch.list(11, (ms) => [up('1', ms), lost('2')])
    expect(kinds(watch, '1', '2')).toEqual(['up', 'died'])
  })

  test('show an outage of the API if several pods lost theirs together, and no dead container', () => {
    const watch = watchPods()
    watch.list(2, (ms) => [up('1', ms), up('2', ms), up('3', ms)])
    watch.list(1, (ms) => [lost('1'), up('2', ms), up('3', ms)])
    watch.list(9, (ms) => [lost('1'), lost('2'), up('3', ms)])
    expect(watch.outage()).toBeNull()
    watch.list(3, (ms) => [lost('1'), lost('2'), up('3', ms)])
    expect(watch.outage()?.podIds).toEqual(['1', '2'])
    // One comes back; of the other it is still not known.
    watch.list(60, (ms) => [up('1', ms), lost('2'), up('3', ms)])
    expect(kinds(watch, '1', '2', '3')).toEqual(['up', 'up', 'up'])
    watch.list(1, (ms) => [up('1', ms), up('2', ms), up('3', ms)])
    expect(watch.outage()).toBeNull()
  })
})

describe('a start', () => {
  test('is observed if the pod was seen in another state before, and its old ports are none of its own', () => {
    const watch = watchPods()
    const startedAtMs = instant(2 * MINUTE_MS).wallMs
    const stale = { container: { uptimeS: null, publicPorts: ports('1') }, startedAtMs }
    watch.list(1, (ms) => [up('1', ms)])
    watch.list(1, () => [stoppedPod({ id: '1' })])
    watch.list(1, () => [lost('1', stale)])
    expect(kinds(watch, '1')).toEqual(['starting'])
    watch.list(1, () => [up('1', -3_590_000, { startedAtMs })])
    expect(kinds(watch, '1')).toEqual(['up'])
  })

  test('is observed of a new pod even if the clock of this computer is wrong by hours', () => {
    const watch = watchPods()
    const wrong = START_MS - 300 * MINUTE_MS
    watch.list(1, () => [])
    watch.list(1, () => [lost('1', { createdAtMs: wrong, startedAtMs: wrong + 1_000 })])
    expect(kinds(watch, '1')).toEqual(['starting'])
    watch.list(1, () => [lost('1'), lost('2', { startedAtMs: wrong, createdAtMs: 0 })])
    expect(kinds(watch, '2')).toEqual(['not-seen'])
  })

  test('of a replica that shows the one before for a moment is no new start', () => {
    const watch = watchPods()
    watch.list(1, (ms) => [up('1', ms, { startedAtMs: START_MS })])
    watch.list(1, () => [lost('1', { startedAtMs: START_MS - 1 })])
    expect(kinds(watch, '1')).toEqual(['up'])
  })

  test('is not watched where the provider shows no containers', () => {
    const watch = watchPods()
    watch.list(30, () => [pod({ id: '1', telemetry: null })])
    expect(watch.stateOf('1')).toBeNull()
    expect(watch.readinessOf({ id: '1' })).toBe('ready')
  })
})

describe('GPUs that are missing', () => {
  const gpu = (count: number) => ({ gpu: { name: 'A100 SXM', count } })

  test('are those that the pod had before its start', () => {
    const watch = watchPods()
    watch.list(1, () => [stoppedPod({ id: '1', ...gpu(2) })])
    const startedAtMs = instant(MINUTE_MS).wallMs
    watch.list(1, () => [up('1', -3_600_000, { ...gpu(0), startedAtMs })])
    expect(watch.viewOf({ id: '1', phase: 'running' })).toEqual({
      kind: 'gpus-missing',
      gpus: 0,
      expected: 2,
    })
    expect(watch.readinessOf({ id: '1' })).toBe('gpus-missing')
    watch.list(1, () => [up('1', -3_500_000, { ...gpu(2), startedAtMs })])
    expect(watch.readinessOf({ id: '1' })).toBe('ready')
  })

  test('are those that it was created with', () => {
    const watch = watchPods({ 1: 1 })
    watch.list(1, () => [up('1', -3_600_000, { ...gpu(0), createdAtMs: START_MS, startedAtMs: START_MS })])
    expect(watch.readinessOf({ id: '1' })).toBe('gpus-missing')
  })

  test('are not assumed of a pod that is new, or after one reading', () => {
    const watch = watchPods()
    watch.list(5, () => [up('1', 0, gpu(0))])
    expect(watch.readinessOf({ id: '1' })).toBe('ready')
    watch.list(1, (ms) => [up('2', ms, gpu(2))])
    watch.list(0.25, (ms) => [up('2', ms, { ...gpu(1), startedAtMs: START_MS })])
    expect(watch.readinessOf({ id: '2' })).not.toBe('gpus-missing')
  })
})
