import { expect, test } from 'vitest'
import { ok, type Result } from '../../../src/core/base/result'
import { SECOND_MS } from '../../../src/core/base/time/time'
import type { Pod } from '../../../src/core/pods/pod'
import type { ProviderError } from '../../../src/core/pods/provider'
import { flushPromises } from '../../harness/base/fake-clock'
import { createMonitorFixture, type MonitorFixture } from '../../harness/monitor/monitor-fixture'
import { pod, stoppedPod } from '../../harness/samples/pods'
import { deferred } from '../../harness/monitor/scripted-provider'

const phaseOf = (snapshot: MonitorFixture['published'][number] | undefined) =>
  snapshot?.pods[0]?.intent?.phase

async function startedFixture(): Promise<MonitorFixture> {
  const fixture = createMonitorFixture({ pods: [pod()] })
  fixture.monitor.start()
  await flushPromises()
  fixture.published.length = 0
  return fixture
}

test('a stop is published once when it is asked for and once when it is answered', async () => {
  const fixture = await startedFixture()
  const reply = deferred<Result<Pod | null, ProviderError>>()
  fixture.provider.script.actions.push(() => reply.promise)
  // The list that follows the reply never arrives, so that only the reply publishes.
  fixture.provider.script.lists.push(() => new Promise(() => {}))

  fixture.monitor.act('pod-1', 'stop')
  await flushPromises()
  expect(fixture.published.map(phaseOf)).toEqual(['scheduled'])

  await fixture.clock.advanceAsync(5 * SECOND_MS)
  expect(fixture.published.map(phaseOf)).toEqual(['scheduled', 'sent'])

  reply.resolve(ok(stoppedPod()))
  await flushPromises()
  expect(fixture.published.map(phaseOf)).toEqual(['scheduled', 'sent', 'observed'])
})

test('a burst of changes within one task is published once, with the last state', async () => {
  const fixture = await startedFixture()
  for (let count = 0; count < 50; count += 1) {
    fixture.pause.untilMs = count
    fixture.monitor.republish()
  }
  expect(fixture.published).toEqual([])
  await flushPromises()
  expect(fixture.published.map(({ alertsPausedUntilMs }) => alertsPausedUntilMs)).toEqual([49])
})

test('a snapshot that is asked for is current before it is published, and is the one that is published', async () => {
  const fixture = await startedFixture()
  fixture.monitor.act('pod-1', 'stop')
  const asked = fixture.monitor.snapshot()
  expect(phaseOf(asked)).toBe('scheduled')
  await flushPromises()
  expect(fixture.published).toEqual([asked])
  expect(fixture.published[0]).toBe(asked)
})

test('the answer that a shutdown waited for is the last thing published', async () => {
  const fixture = await startedFixture()
  const reply = deferred<Result<Pod | null, ProviderError>>()
  fixture.provider.script.actions.push(() => reply.promise)
  fixture.monitor.act('pod-1', 'stop')
  await fixture.clock.advanceAsync(5 * SECOND_MS)
  const shutDown = fixture.monitor.shutDown()
  reply.resolve(ok(null))
  await shutDown
  expect(phaseOf(fixture.published.at(-1))).toBe('accepted')
  const count = fixture.published.length
  fixture.monitor.republish()
  await flushPromises()
  expect(fixture.published).toHaveLength(count)
})

test('a change right before the end is published at the end, and nothing afterward', async () => {
  const fixture = await startedFixture()
  fixture.monitor.act('pod-1', 'stop')
  fixture.monitor.dispose()
  expect(fixture.published.map(phaseOf)).toEqual(['scheduled'])
  await flushPromises()
  expect(fixture.published).toHaveLength(1)
})
