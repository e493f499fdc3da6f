import { describe, expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import type { Pod } from '../../../src/core/pods/pod'
import { flushPromises, START_MS } from '../../harness/base/fake-clock'
import {
  createMonitorFixture,
  type MonitorFixture,
  type MonitorFixtureOptions,
} from '../../harness/monitor/monitor-fixture'
import { gpus, pod, telemetry } from '../../harness/samples/pods'
import { createLogStreams } from '../../harness/ssh/log-streams'

/* A pod that the API calls running a second after its create: docs/product-rules.md#11-states-shown */

const TURN_MS = 15 * SECOND_MS
const address = { host: '203.0.113.7', port: 10_022, username: 'root' }
const titles = ({ alerts }: MonitorFixture): string[] => alerts.map(({ title }) => title)

/** RUNNING, with neither figures nor ports nor SSH. */
const bare = (over: Partial<Pod> = {}): Pod =>
  pod({
    createdAtMs: START_MS,
    startedAtMs: START_MS,
    telemetry: null,
    ssh: { direct: null, proxy: null },
    container: { uptimeS: null, publicPorts: [] },
    ...over,
  })
const up = (uptimeS: number, over: Partial<Pod> = {}): Pod =>
  bare({
    telemetry: telemetry({ uptimeS, gpus: gpus(90) }),
    ssh: { direct: address, proxy: null },
    container: { uptimeS, publicPorts: ['203.0.113.7:10022'] },
    ...over,
  })

/** A monitor that saw no pod at its first poll. */
async function started(options: MonitorFixtureOptions = {}) {
  const streams = createLogStreams()
  let isReachable = false
  const fixture = createMonitorFixture({
    pods: [],
    logs: streams.provider,
    reachSsh: async () => isReachable,
    ...options,
  })
  fixture.monitor.start()
  await flushPromises()
  let serial = 0
  async function say(text: string): Promise<void> {
    const { handlers } = streams.opened.at(-1)!
    handlers.onOpen()
    await handlers.onLines(
      [{ id: String((serial += 1)), source: 'system', atMs: fixture.clock.now().wallMs, text }],
      0,
    )
  }
  /** The next polls, over so long, show what `podsAt` returns for the time since the start, ms. */
  async function show(ms: number, podsAt: (ms: number) => readonly Pod[]): Promise<void> {
    for (let passedMs = 0; passedMs < ms; passedMs += TURN_MS) {
      fixture.provider.pods = podsAt(fixture.clock.now().wallMs - START_MS)
      await fixture.clock.advanceAsync(TURN_MS)
    }
  }
  const view = () => fixture.monitor.snapshot().pods[0]!
  return { ...fixture, fixture, say, show, view, reach: () => (isReachable = true) }
}

describe('a pod that runs while its image is pulled', () => {
  test('is starting, costs money, is not ready, and is ready once its container and SSH are there', async () => {
    const { fixture, say, show, view, reach } = await started()
    await show(2 * MINUTE_MS, () => [bare()])
    await say('pulling image a')
    await show(12 * MINUTE_MS, () => [bare()])
    expect(view()).toMatchObject({
      phase: 'running',
      container: { kind: 'starting', isOverdue: false },
      progress: { steps: { machine: 'done', image: 'now', container: 'next', ssh: 'next' } },
      activity: { kind: 'unknown', reason: 'starting' },
      costPerHourUsd: 2,
    })
    expect(titles(fixture)).toEqual([])
    await say('pulling image a')
    await show(6 * MINUTE_MS, () => [bare()])
    expect(titles(fixture)).toEqual(['trainer has no container yet, and you are paying'])
    expect(view().container).toMatchObject({ kind: 'starting', isOverdue: true })
    const upAtMs = fixture.clock.now().wallMs - START_MS
    await show(30 * SECOND_MS, (ms) => [up(1 + (ms - upAtMs) / 1_000)])
    expect(view().container).toBeUndefined()
    expect(titles(fixture)).toHaveLength(1)
    reach()
    await show(MINUTE_MS, (ms) => [up(1 + (ms - upAtMs) / 1_000)])
    expect(titles(fixture).slice(1)).toEqual(['trainer is ready'])
    // One lookup that timed out, and many, make it start no more.
    await show(5 * MINUTE_MS, (ms) => [bare({ startedAtMs: ms < 0 ? 0 : START_MS })])
    expect(view().container).toBeUndefined()
    expect(titles(fixture)).toHaveLength(2)
  })

  test('is ready two minutes after its container even if SSH never answers', async () => {
    const { fixture, show } = await started()
    await show(MINUTE_MS, () => [bare()])
    await show(2 * MINUTE_MS, (ms) => [up(ms / 1_000)])
    expect(titles(fixture)).toEqual([])
    await show(MINUTE_MS, (ms) => [up(ms / 1_000)])
    expect(fixture.alerts).toMatchObject([
      { title: 'trainer is ready', body: expect.stringContaining('SSH doesn’t answer yet') },
    ])
  })

  test('says at once that its pull failed, in the words of its log, and only once', async () => {
    const { fixture, say, show } = await started()
    await show(MINUTE_MS, () => [bare()])
    for (let i = 0; i < 3; i += 1) {
      await say('pulling image a')
      await say('error creating container: image pull: manifest for a not found: manifest unknown')
      await show(MINUTE_MS, () => [bare()])
    }
    expect(fixture.alerts).toMatchObject([
      {
        title: 'trainer has no container yet, and you are paying',
        body: expect.stringContaining('manifest for a not found: manifest unknown'),
      },
    ])
  })

  test('can’t be told after 15 min if its log can’t be read', async () => {
    const { fixture, show, view } = await started({ logs: {} })
    await show(14 * MINUTE_MS, () => [bare()])
    expect(titles(fixture)).toEqual([])
    await show(2 * MINUTE_MS, () => [bare()])
    expect(titles(fixture)).toEqual(['Can’t tell whether trainer is up, and you are paying'])
    expect(view().container).toEqual({ kind: 'unknown' })
  })
})

test('a pod that never shows anything is stopped by its maximum hours', async () => {
  const { fixture, show, view } = await started({
    logs: {},
    guard: { autoStop: 'undecided', pods: { 'pod-1': { maxHours: 2 } } },
  })
  await show(119 * MINUTE_MS, () => [bare()])
  expect(view()).toMatchObject({ container: { kind: 'unknown' }, activity: { kind: 'unknown' } })
  expect(fixture.log).not.toContain('stop pod-1')
  await show(3 * MINUTE_MS, () => [bare()])
  expect(fixture.log).toContain('stop pod-1')
})

describe('a pod that ran for hours when the app started', () => {
  const old = { startedAtMs: START_MS - 5 * HOUR_MS, createdAtMs: START_MS - 5 * HOUR_MS }

  test('is up at once by its figures, and is not announced', async () => {
    const { fixture, show, view } = await started({ pods: [up(18_000, old)] })
    expect(view().container).toBeUndefined()
    await show(20 * MINUTE_MS, (ms) => [up(18_000 + ms / 1_000, old)])
    expect(titles(fixture)).toEqual([])
  })

  test('is neither starting nor announced without any figures', async () => {
    const { fixture, show, view } = await started({
      pods: [bare(old)],
      settings: { hasActivityUnknownAlerts: false },
    })
    await show(14 * MINUTE_MS, () => [bare(old)])
    expect(view().container).toBeUndefined()
    await show(60 * MINUTE_MS, () => [bare(old)])
    expect(view().container).toEqual({ kind: 'unknown' })
    expect(titles(fixture)).toEqual([])
  })
})

test('a container that dies is said once, and an outage of the whole account calls none dead', async () => {
  const both = (over: Partial<Pod> = {}) => [up(600, over), up(600, { ...over, id: 'pod-2', name: 'llama' })]
  const gone = [bare(), bare({ id: 'pod-2', name: 'llama' })]
  const { fixture, show } = await started({ settings: { hasReadyAlerts: false } })
  await show(2 * MINUTE_MS, () => both())
  await show(12 * MINUTE_MS, () => gone)
  await show(2 * HOUR_MS, () => gone)
  expect(titles(fixture)).toContain('Runpod shows no metrics and no ports for 2 pods')
  expect(titles(fixture).filter((title) => title.includes('died'))).toEqual([])
  await show(2 * MINUTE_MS, () => both())
  await show(30 * MINUTE_MS, (ms) => [
    bare({ container: { uptimeS: -1 - ((ms / TURN_MS) % 7), publicPorts: [] } }),
    both()[1]!,
  ])
  expect(titles(fixture).filter((title) => title.includes('died'))).toEqual(['The container of trainer died'])
  expect(fixture.monitor.snapshot().pods[0]!.container).toMatchObject({ kind: 'died', why: 'restarts' })
})

test('a container that only its log shows is ready a little later, and never in a crash loop', async () => {
  const steady = await started()
  await steady.show(MINUTE_MS, () => [bare()])
  await steady.say('start container a')
  await steady.show(30 * SECOND_MS, () => [bare()])
  expect(titles(steady.fixture)).toEqual([])
  await steady.show(MINUTE_MS, () => [bare()])
  expect(titles(steady.fixture)).toEqual(['trainer is ready'])
  const looping = await started()
  await looping.show(MINUTE_MS, () => [bare()])
  for (let i = 0; i < 5; i += 1) {
    await looping.say('start container a')
    await looping.show(TURN_MS, () => [bare()])
  }
  expect(titles(looping.fixture)).toEqual(['The container of trainer died'])
})

test('a pod that comes back without its GPU is not ready', async () => {
  const { fixture, show, view } = await started({ pods: [pod({ phase: 'stopped', rawStatus: 'EXITED' })] })
  await show(2 * MINUTE_MS, (ms) => [up(1 + ms / 1_000, { gpu: { name: 'A100 SXM', count: 0 } })])
  expect(titles(fixture)).toEqual(['trainer has 0 of 1 GPUs'])
  expect(view().container).toEqual({ kind: 'gpus-missing', gpus: 0, expected: 1 })
})
