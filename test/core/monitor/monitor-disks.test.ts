import { expect, test } from 'vitest'
import { ok } from '../../../src/core/base/result'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import type { DiskReader } from '../../../src/core/disk/disk-watch'
import { flushPromises } from '../../harness/base/fake-clock'
import { createMonitorFixture } from '../../harness/monitor/monitor-fixture'
import { pod } from '../../harness/samples/pods'

/* docs/product-rules.md#105-disk-space */

test('a disk that fills up is announced at 85% and at 95%, and the card says so', async () => {
  let usedGb = 80
  const diskReader: DiskReader = {
    async read(_pod, disks) {
      const used = disks.map(({ kind, path }) => ({
        kind,
        path,
        usedBytes: usedGb * 1e9,
        freeBytes: (100 - usedGb) * 1e9,
      }))
      return ok({ disks: used.slice(0, 1), unread: [] })
    },
    folders: async () => ok([]),
  }
  const fixture = createMonitorFixture({ pods: [pod({ containerDiskGb: 100 })], diskReader })
  const titles = () => fixture.alerts.map(({ title }) => title).filter((title) => title.includes('disk'))
  fixture.monitor.start()
  await flushPromises()
  for (const [gb, wanted] of [
    [80, []],
    [88, ['The container disk of trainer is 88% full']],
    [90, ['The container disk of trainer is 88% full']],
    [96, ['The container disk of trainer is 88% full', 'The container disk of trainer is 96% full']],
    [100, ['The container disk of trainer is 88% full', 'The container disk of trainer is 96% full']],
  ] as const) {
    usedGb = gb
    await fixture.clock.advanceAsync(11 * MINUTE_MS)
    expect(titles()).toEqual(wanted)
  }
  expect(fixture.monitor.snapshot().pods[0]?.disks?.disks).toMatchObject([{ path: '/', usedBytes: 100e9 }])
  const id = fixture.monitor.snapshot().pods[0]?.id ?? ''
  expect(fixture.monitor.diskLines(id)[0]?.points.length).toBeGreaterThanOrEqual(5)
})
