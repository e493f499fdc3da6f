import { expect, test } from 'vitest'
import { ok } from '../../../src/core/base/result'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { flushPromises } from '../../harness/base/fake-clock'
import { createMonitorFixture, type MonitorFixture } from '../../harness/monitor/monitor-fixture'
import { pod } from '../../harness/samples/pods'
import { failure } from '../../harness/monitor/scripted-provider'

const texts = ({ auditEntries }: MonitorFixture): string[] => auditEntries.map(({ text }) => text)

test('every step of an action is logged before what follows from it', async () => {
  const fixture = createMonitorFixture({ pods: [pod()] })
  fixture.monitor.start()
  await flushPromises()
  expect(fixture.monitor.act('pod-1', 'stop')).toEqual(ok(undefined))
  expect(texts(fixture).at(-1)).toMatch(/You requested a stop of /)
  let whenSent: string[] = []
  fixture.provider.script.actions.push(() => {
    whenSent = texts(fixture)
    return ok(null)
  })
  await fixture.clock.advanceAsync(5_000)
  expect(whenSent.at(-1)).toMatch(/The stop of .* was sent to Runpod\./)
  expect(texts(fixture).some((text) => text.startsWith('Runpod accepted the stop'))).toBe(true)
})

test('an outage is logged before a window shows it', async () => {
  const fixture = createMonitorFixture({ pods: [pod()] })
  const shown: [string, number][] = []
  fixture.monitor.subscribe(({ connection }) => shown.push([connection.kind, texts(fixture).length]))
  fixture.monitor.start()
  await flushPromises()
  fixture.provider.listPods = async () => failure('unreachable')
  await fixture.clock.advanceAsync(MINUTE_MS)
  const [, entries] = shown.find(([kind]) => kind === 'offline') ?? []
  expect(entries).toBe(1)
  expect(texts(fixture)[0]).toMatch(/^No usable response from Runpod\./)
})
