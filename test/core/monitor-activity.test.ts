import { expect, test } from 'vitest'
import { ok } from '../../src/core/base/result'
import { MINUTE_MS } from '../../src/core/base/time'
import { flushPromises } from '../harness/clock'
import { createMonitorFixture, type MonitorFixture } from '../harness/monitor'
import { pod } from '../harness/pods'
import { failure } from '../harness/provider'

const texts = ({ auditEntries }: MonitorFixture): string[] => auditEntries.map(({ text }) => text)

test('every step of an action is written down, and each before what follows from it', async () => {
  const rig = createMonitorFixture({ pods: [pod()] })
  rig.monitor.start()
  await flushPromises()
  expect(rig.monitor.act('pod-1', 'stop')).toEqual(ok(undefined))
  expect(texts(rig).at(-1)).toMatch(/You asked for .* to stop\./)
  let whenSent: string[] = []
  rig.provider.script.actions.push(() => {
    whenSent = texts(rig)
    return ok(null)
  })
  await rig.clock.advanceAsync(5_000)
  expect(whenSent.at(-1)).toMatch(/The stop of .* was sent to Runpod\./)
  expect(texts(rig).some((text) => text.startsWith('Runpod accepted the stop'))).toBe(true)
})

test('an outage is written down before a window shows it', async () => {
  const rig = createMonitorFixture({ pods: [pod()] })
  const shown: [string, number][] = []
  rig.monitor.subscribe(({ connection }) => shown.push([connection.kind, texts(rig).length]))
  rig.monitor.start()
  await flushPromises()
  rig.provider.listPods = async () => failure('unreachable')
  await rig.clock.advanceAsync(MINUTE_MS)
  const [, entries] = shown.find(([kind]) => kind === 'offline') ?? []
  expect(entries).toBe(1)
  expect(texts(rig)[0]).toMatch(/^Runpod cannot be read\./)
})
