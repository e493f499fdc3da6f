import { describe, expect, test } from 'vitest'
import { diskAlerts } from '../../../src/core/disk/disk-alerts'
import { createDiskWatch, type DiskReader, disksOf } from '../../../src/core/disk/disk-watch'
import type { FolderSize } from '../../../src/core/disk/disk-reading'
import type { Pod } from '../../../src/core/pods/pod'
import { fail, ok, type Result } from '../../../src/core/base/result'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { defaultSettings } from '../../../src/core/settings/settings'
import { createFakeClock } from '../../harness/base/fake-clock'
import { pod, stoppedPod } from '../../harness/samples/pods'

const GB = 1e9
const aPod = (over: Partial<Pod> = {}): Pod =>
  pod({ containerDiskGb: 100, persistentMount: null, networkMounts: [], ...over })

/** Disks of 100 GB of which a test says how much is used, or why they can't be read. Each is polled every 10 s. */
function createWatch(options: { readonly takesMs?: number; readonly isOff?: boolean } = {}) {
  const clock = createFakeClock()
  const reads: { readonly id: string; readonly atMs: number }[] = []
  const usedGb = new Map<string, number | string>()
  let running = 0
  let mostAtOnce = 0
  let listed: readonly Pod[] = []
  const reader: DiskReader = {
    async read({ id }) {
      reads.push({ id, atMs: clock.now().monotonicMs })
      mostAtOnce = Math.max(mostAtOnce, (running += 1))
      await new Promise<void>((resolve) => void clock.schedule(options.takesMs ?? 3_000, resolve))
      running -= 1
      const used = usedGb.get(id) ?? 40
      if (typeof used === 'string') return fail(used)
      const disk = {
        kind: 'container' as const,
        path: '/',
        usedBytes: used * GB,
        freeBytes: (100 - used) * GB,
      }
      return ok({ disks: [disk], unread: [] })
    },
    folders: async (): Promise<Result<readonly FolderSize[], string>> => ok([{ path: '/', bytes: 1 }]),
  }
  const settings = () => ({ ...defaultSettings, readsDisks: options.isOff !== true })
  const context = { clock, settings, diskReader: reader, report: (what: string) => expect.fail(what) }
  const watch = createDiskWatch(
    context,
    () => null,
    () => {},
  )
  return {
    clock,
    watch,
    reads,
    usedGb,
    mostAtOnce: () => mostAtOnce,
    list: (pods: readonly Pod[]) => {
      listed = pods
    },
    /** Polls for so long. */
    poll: async (ms: number) => {
      for (let passed = 0; passed < ms; passed += 10 * SECOND_MS) {
        watch.onPods(listed)
        await clock.advanceAsync(10 * SECOND_MS)
      }
    },
    alerts: (one: Pod) => {
      const view = watch.viewOf(one)
      return view === null ? [] : diskAlerts('account-1', one, view, clock.now().wallMs)
    },
  }
}

describe('the disks of running pods', () => {
  test('are read soon after a pod is first seen, then every 10 min', async () => {
    const { watch, list, poll, reads } = createWatch()
    list([aPod()])
    await poll(MINUTE_MS)
    expect(reads).toHaveLength(0)
    await poll(MINUTE_MS)
    expect(reads).toHaveLength(1)
    expect(watch.viewOf(aPod())).toMatchObject({ disks: [{ usedBytes: 40 * GB }], obstacle: null })
    await poll(29 * MINUTE_MS)
    expect(reads).toHaveLength(3)
    await poll(2 * MINUTE_MS)
    expect(reads).toHaveLength(4)
  })

  test('are read twice as often once they are nearly full', async () => {
    const { list, poll, reads, usedGb } = createWatch()
    usedGb.set('pod-1', 82)
    list([aPod()])
    await poll(32 * MINUTE_MS)
    expect(reads.length).toBeGreaterThanOrEqual(6)
  })

  test('of 200 pods are each read within 15 min, four at a time', async () => {
    const { list, poll, reads, mostAtOnce } = createWatch({ takesMs: 12_000 })
    list(Array.from({ length: 200 }, (_each, index) => aPod({ id: `pod-${index}` })))
    await poll(15 * MINUTE_MS)
    expect(new Set(reads.map(({ id }) => id)).size).toBe(200)
    expect(mostAtOnce()).toBe(4)
  })

  test('are not read of a stopped pod, nor when that is switched off', async () => {
    const off = createWatch({ isOff: true })
    off.list([aPod()])
    await off.poll(5 * MINUTE_MS)
    const stopped = createWatch()
    stopped.list([stoppedPod()])
    await stopped.poll(5 * MINUTE_MS)
    expect([...off.reads, ...stopped.reads]).toEqual([])
  })

  test('say nothing of another run, nor after half an hour without a reading', async () => {
    const { clock, watch, list, poll } = createWatch()
    list([aPod()])
    await poll(2 * MINUTE_MS)
    const other = aPod({ startedAtMs: (aPod().startedAtMs ?? 0) + HOUR_MS })
    expect(watch.viewOf(other)).toBeNull()
    expect(watch.viewOf(stoppedPod())).toBeNull()
    await clock.advanceAsync(31 * MINUTE_MS)
    expect(watch.viewOf(aPod())).toBeNull()
  })

  test('that can’t be read say why, and are tried again after 10 min', async () => {
    const { watch, list, poll, reads, usedGb } = createWatch()
    usedGb.set('pod-1', "its host key isn't trusted yet")
    list([aPod()])
    await poll(3 * MINUTE_MS)
    expect(watch.viewOf(aPod())).toMatchObject({ disks: [], obstacle: "its host key isn't trusted yet" })
    usedGb.set('pod-1', 41)
    await poll(10 * MINUTE_MS)
    expect(reads).toHaveLength(2)
    expect(watch.viewOf(aPod())).toMatchObject({ disks: [{ usedBytes: 41 * GB }], obstacle: null })
  })

  test('are its container disk and what is mounted where a path is known', () => {
    const mounted = aPod({
      persistentMount: { sizeGb: 20, path: '/workspace' },
      networkMounts: [
        { volumeId: 'v', path: '/data' },
        { volumeId: 'w', path: null },
      ],
    })
    expect(disksOf(mounted, (id) => (id === 'v' ? 500 : null))).toEqual([
      { kind: 'container', path: '/', sizeGb: 100 },
      { kind: 'volume', path: '/workspace', sizeGb: 20 },
      { kind: 'network-volume', path: '/data', sizeGb: 500 },
    ])
  })
})

describe('an alert about a disk', () => {
  test('comes at 85% and at 95%, each once a day and run', async () => {
    const { clock, list, poll, usedGb, alerts } = createWatch()
    list([aPod()])
    const seen = new Set<string>()
    for (const used of [84, 85, 90, 94, 95, 99, 100]) {
      usedGb.set('pod-1', used)
      await poll(11 * MINUTE_MS)
      for (const { key, title, isCritical } of alerts(aPod()))
        seen.add(`${key.episode}|${title}|${isCritical}`)
      if (used === 84) expect(seen.size).toBe(0)
    }
    const episodes = new Set([...seen].map((each) => each.split('|')[0]))
    expect(episodes.size).toBe(2)
    expect([...seen].some((each) => each.endsWith('|The container disk of trainer is 100% full|true'))).toBe(
      true,
    )
    await clock.advanceAsync(DAY_MS)
    await poll(11 * MINUTE_MS)
    expect(episodes.has(alerts(aPod())[0]?.key.episode)).toBe(false)
  })

  test('comes in time for a disk that fills steadily, and not for one whose files come and go', async () => {
    const steady = createWatch()
    steady.list([aPod()])
    for (let used = 40; used <= 61; used += 4) {
      steady.usedGb.set('pod-1', used)
      await steady.poll(10 * MINUTE_MS)
    }
    expect(steady.alerts(aPod()).map(({ title }) => title)).toEqual([
      expect.stringMatching(/^The container disk of trainer is full in about (1 h 30 min|2 h)$/),
    ])
    const wave = createWatch()
    wave.list([aPod()])
    for (let step = 0; step < 12; step += 1) {
      wave.usedGb.set('pod-1', step % 2 === 0 ? 50 : 75)
      await wave.poll(10 * MINUTE_MS)
      expect(wave.alerts(aPod())).toEqual([])
    }
  })
})

test('folders are measured of a disk that the pod has, while it runs', async () => {
  const { watch } = createWatch()
  expect(await watch.folders(aPod(), '/')).toEqual(ok([{ path: '/', bytes: 1 }]))
  expect(await watch.folders(aPod(), '/etc')).toEqual(
    fail('Podkeeper couldn’t measure folders in trainer: it has no disk there.'),
  )
  expect((await watch.folders(stoppedPod(), '/')).ok).toBe(false)
})
