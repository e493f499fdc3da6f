import { expect, test } from 'vitest'
import { createListeners } from '../../../src/core/base/listeners'
import { ok } from '../../../src/core/base/result'
import { SECOND_MS } from '../../../src/core/base/time'
import { createNotices } from '../../../src/core/view/notices'
import type { Snapshot } from '../../../src/core/view/snapshot'
import { createSessionSnapshots } from '../../../src/main/account/session-snapshots'
import { flushPromises } from '../../harness/clock'
import { createMonitorFixture } from '../../harness/monitor'
import { pod, stoppedPod } from '../../harness/pods'

function fixtureOf(monitorFixture = createMonitorFixture({ pods: [pod()] })) {
  const auditListeners = createListeners()
  const notices = createNotices()
  const published: Snapshot[] = []
  const problems: string[] = []
  let lastSeq = 0
  const snapshots = createSessionSnapshots({
    clock: monitorFixture.clock,
    store: { drainProblems: () => problems.splice(0) },
    notices,
    auditLog: { view: () => ({ lastSeq, alertSeqs: [] }), onChange: auditListeners.add },
    alertsPausedUntilMs: () => null,
  })
  snapshots.subscribe((snapshot) => published.push(snapshot))
  const record = (): void => {
    lastSeq += 1
    auditListeners.notify()
  }
  return { ...monitorFixture, snapshots, notices, problems, published, record }
}

async function watchingFixture() {
  const fixture = fixtureOf()
  fixture.snapshots.watch(fixture.monitor)
  fixture.monitor.start()
  await flushPromises()
  fixture.published.length = 0
  return fixture
}

const phases = (published: readonly Snapshot[]) => published.map(({ pods }) => pods[0]?.intent?.phase)

test('a stop reaches windows once when it is asked for and once when it is answered, its log entries included', async () => {
  const { monitor, provider, clock, published, record } = await watchingFixture()
  provider.script.lists.push(() => new Promise(() => {}))
  provider.script.actions.push(() => {
    record()
    return ok(stoppedPod())
  })
  record()
  monitor.act('pod-1', 'stop')
  record()
  await flushPromises()
  expect(phases(published)).toEqual(['scheduled'])
  expect(published[0]?.auditLog.lastSeq).toBe(2)
  await clock.advanceAsync(5 * SECOND_MS)
  expect(phases(published)).toEqual(['scheduled', 'observed'])
  expect(published[1]?.auditLog.lastSeq).toBe(3)
})

test.each(['with', 'without'])(
  'notices and entries of one task are published once, %s an account',
  async (how) => {
    const { published, notices, record, snapshots } = how === 'with' ? await watchingFixture() : fixtureOf()
    for (const id of ['a', 'b']) {
      notices.add({ id, podId: null, text: id, atMs: 1 }, 'app')
      record()
    }
    notices.dismiss('a')
    expect(snapshots.snapshot().notices.map(({ id }) => id)).toEqual(['b'])
    await flushPromises()
    expect(published).toHaveLength(1)
    expect(published[0]).toBe(snapshots.snapshot())
    expect(published[0]).toMatchObject({ notices: [{ id: 'b' }], auditLog: { lastSeq: 2 } })
  },
)

test('what the store finds odd is a notice until it is dismissed', async () => {
  const { published, notices, problems, snapshots } = await watchingFixture()
  problems.push('The file is damaged.')
  snapshots.republish()
  await flushPromises()
  expect(published.at(-1)?.notices.map(({ text }) => text)).toEqual(['The file is damaged.'])
  notices.dismiss(published.at(-1)?.notices[0]?.id ?? '')
  await flushPromises()
  expect(published.at(-1)?.notices).toEqual([])
})

test('the last state of an account stays until something else is shown, without its notices', async () => {
  const { monitor, notices, snapshots } = await watchingFixture()
  notices.add({ id: 'app', podId: null, text: 'of the app', atMs: 1 }, 'app')
  notices.add({ id: 'pod', podId: 'pod-1', text: 'of a pod', atMs: 1 }, 'account')
  monitor.dispose()
  snapshots.freeze()
  notices.dismissAccount()
  expect(snapshots.snapshot().pods).toHaveLength(1)
  expect(snapshots.snapshot().notices.map(({ id }) => id)).toEqual(['app'])
  snapshots.showDisconnected()
  expect(snapshots.snapshot()).toMatchObject({ pods: [], connection: { kind: 'no-account' } })
})

test('nothing is published after the end', async () => {
  const { published, record, snapshots } = fixtureOf()
  record()
  snapshots.dispose()
  await flushPromises()
  expect(published).toEqual([])
})
