import { expect, test } from 'vitest'
import { createListeners } from '../../../src/core/base/listeners'
import { ok } from '../../../src/core/base/result'
import { noBudgets } from '../../../src/core/money/money-view'
import type { Monitor } from '../../../src/core/monitor/monitor-types'
import { SECOND_MS } from '../../../src/core/base/time/time'
import type { DemoView } from '../../../src/core/view/demo/demo-view'
import { createNotices } from '../../../src/core/view/notices'
import { type AccountSnapshot, mergeSnapshots } from '../../../src/core/view/merge-snapshots'
import { lastSnapshotsOf } from '../../../src/core/view/last-snapshot/last-snapshot'
import type { LastSnapshot } from '../../../src/core/view/last-snapshot/last-snapshot-codec'
import type { ShownServerRules } from '../../../src/core/view/window/server-rules'
import { emptySnapshot, type Snapshot } from '../../../src/core/view/snapshot'
import type { PodColor } from '../../../src/core/view/pod-colors'
import type { PodKey } from '../../../src/core/pods/pod'
import { createTakeoverRepublish } from '../../../src/core/monitor/takeover'
import { createSessionSnapshots } from '../../../src/main/account/session-snapshots'
import { flushPromises } from '../../harness/base/fake-clock'
import { createMonitorFixture } from '../../harness/monitor/monitor-fixture'
import { accountEntry, podView, snapshotOf } from '../../harness/samples/pod-views'
import { pod, stoppedPod } from '../../harness/samples/pods'

type ReadAccount = () => AccountSnapshot

const constant =
  (account: AccountSnapshot): ReadAccount =>
  () =>
    account

const accountSnapshotOf = (monitor: Monitor, id = 'account'): ReadAccount => {
  const entry = accountEntry({ id })
  return () => ({ entry, snapshot: monitor.snapshot() })
}

function fixtureOf(monitorFixture = createMonitorFixture({ pods: [pod()] })) {
  let accountSnapshots: readonly ReadAccount[] = []
  let monitors: readonly Monitor[] = []
  const auditListeners = createListeners()
  const notices = createNotices()
  const published: Snapshot[] = []
  const problems: string[] = []
  let lastSeq = 0
  let demo: DemoView | null = null
  const saved: (readonly PodKey[])[] = []
  const lastSnapshots = new Map<string, LastSnapshot>()
  const serverRules = new Map<string, ShownServerRules>()
  const colorStore = {
    load: () => new Map<PodKey, PodColor>([['a/kept', 7]]),
    save: (colors: ReadonlyMap<PodKey, PodColor>) => void saved.push([...colors.keys()]),
  }
  const snapshots = createSessionSnapshots({
    clock: monitorFixture.clock,
    store: { drainProblems: () => problems.splice(0) },
    notices,
    auditLog: { view: () => ({ lastSeq, alertSeqs: [] }), onChange: auditListeners.add },
    alertsPausedUntilMs: () => null,
    budgets: () => noBudgets,
    accountSnapshots: () => accountSnapshots.map((account) => account()),
    podColors: colorStore,
    lastSnapshotOf: (accountId) => lastSnapshots.get(accountId) ?? null,
    rulesAtServer: (accountId) => serverRules.get(accountId) ?? null,
    queueView: () => null,
    demo: () => demo,
    republishOnTakeover: createTakeoverRepublish(() => monitors),
    republishMonitors() {
      for (const one of monitors) one.republish()
    },
  })
  /** These are watched from now on. */
  function watch(...watched: readonly Monitor[]): void {
    monitors = watched
    accountSnapshots = watched.map((one, index) => accountSnapshotOf(one, `account-${index}`))
    for (const one of watched) one.subscribe(snapshots.changed)
    snapshots.changed()
  }
  function show(...shown: readonly ReadAccount[]): void {
    monitors = []
    accountSnapshots = shown
    snapshots.changed()
  }
  snapshots.subscribe((snapshot) => published.push(snapshot))
  const record = (): void => {
    lastSeq += 1
    auditListeners.notify()
  }
  const setDemo = (next: DemoView | null): void => void (demo = next)
  return {
    ...monitorFixture,
    snapshots,
    notices,
    problems,
    published,
    record,
    watch,
    show,
    saved,
    setDemo,
    lastSnapshots,
    serverRules,
  }
}

async function watchingFixture() {
  const fixture = fixtureOf()
  fixture.watch(fixture.monitor)
  fixture.monitor.start()
  await flushPromises()
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
      notices.add({ id, accountId: null, podId: null, text: id, atMs: 1 })
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

test('the notices of an account go with it, and those of the program and of other accounts stay', async () => {
  const { notices, snapshots } = await watchingFixture()
  notices.add({ id: 'app', accountId: null, podId: null, text: 'of the app', atMs: 1 })
  notices.add({ id: 'pod', accountId: 'account-0', podId: 'pod-1', text: 'of a pod', atMs: 1 })
  notices.add({ id: 'other', accountId: 'account-1', podId: 'pod-1', text: 'of the other', atMs: 1 })
  notices.dismissAccount('account-0')
  expect(snapshots.snapshot().notices.map(({ id }) => id)).toEqual(['app', 'other'])
})

test('a new name or color of an account is shown without a new snapshot of it', async () => {
  const { monitor, published, show } = await watchingFixture()
  const account = accountSnapshotOf(monitor)()
  let name = 'Acme'
  show(() => ({ ...account, entry: { ...account.entry, name } }))
  await flushPromises()
  name = 'Lab'
  show(() => ({ ...account, entry: { ...account.entry, name } }))
  await flushPromises()
  expect(published.map(({ accounts }) => accounts[0]?.entry.name)).toEqual(['Acme', 'Lab'])
})

test('what changes nothing is not published again', async () => {
  const { monitor, published, show } = await watchingFixture()
  const account = accountSnapshotOf(monitor)()
  show(() => account)
  await flushPromises()
  show(() => account)
  await flushPromises()
  expect(published).toHaveLength(1)
})

test('twenty accounts that change within one task are published once', async () => {
  const { clock, notices, published, watch } = fixtureOf()
  const fixtures = Array.from({ length: 20 }, () => createMonitorFixture({ pods: [pod()] }))
  watch(...fixtures.map(({ monitor }) => monitor))
  for (const { monitor } of fixtures) monitor.start()
  await flushPromises()
  await flushPromises()
  published.length = 0
  for (const { monitor } of fixtures) monitor.act('pod-1', 'stop')
  notices.add({ id: 'n', accountId: null, podId: null, text: 'n', atMs: 1 })
  await flushPromises()
  expect(published).toHaveLength(1)
  expect(published[0]?.pods.map(({ intent }) => intent?.phase)).toEqual(
    Array.from({ length: 20 }, () => 'scheduled'),
  )
  expect(new Set(published[0]?.pods.map(({ accountId }) => accountId)).size).toBe(1)
  expect(clock.pendingDelaysMs()).toEqual([])
})

test('nothing is published after the end', async () => {
  const { published, record, snapshots } = fixtureOf()
  record()
  snapshots.dispose()
  await flushPromises()
  expect(published).toEqual([])
})

test('pods of several accounts that are shown together have different colors, which later snapshots keep', () => {
  const { snapshots, show } = fixtureOf()
  const account = (id: string): ReadAccount => {
    const pods = ['p', 'q', 'r'].map((pod) => podView({ accountId: id, id: pod }))
    return () => ({ entry: accountEntry({ id }), snapshot: snapshotOf(pods) })
  }
  const colors = () => new Map(snapshots.snapshot().pods.map(({ key, color }) => [key, color]))
  show(account('a'), account('b'))
  const before = colors()
  expect(new Set(before.values()).size).toBe(6)
  show(account('b'))
  for (const [key, color] of colors()) expect(color).toBe(before.get(key))
  show(account('b'), account('a'))
  expect(colors()).toEqual(before)
})

test('pods get the colors of earlier runs, and nothing of the demo is stored', () => {
  const { snapshots, show, saved, setDemo } = fixtureOf()
  const account =
    (id: string, pod: string): ReadAccount =>
    () => ({ entry: accountEntry({ id }), snapshot: snapshotOf([podView({ accountId: id, id: pod })]) })
  show(account('a', 'kept'))
  expect(snapshots.snapshot().pods.map(({ color }) => color)).toEqual([7])
  setDemo({ clock: { realMs: 0, demoMs: 0, factor: 1 } })
  show(account('demo', 'trial'))
  expect(snapshots.snapshot().pods).toHaveLength(1)
  expect(saved).toEqual([])
  setDemo(null)
  show(account('a', 'new'))
  snapshots.snapshot()
  expect(saved).toEqual([['a/kept', 'a/new']])
})

test('only windows see pods of an earlier run, of each account until it is listed', async () => {
  const { snapshots, show, published, lastSnapshots } = fixtureOf()
  const listed = (id: string, name: string): ReadAccount =>
    constant({
      entry: accountEntry({ id }),
      snapshot: snapshotOf([podView({ accountId: id, name })], { accounts: [] }),
    })
  const waiting = (id: string): ReadAccount =>
    constant({
      entry: accountEntry({ id }),
      snapshot: { ...emptySnapshot(0, []), connection: { kind: 'connecting' } },
    })
  const names = ({ pods }: Snapshot) => pods.map(({ name }) => name)
  const earlier = snapshotOf([
    podView({ name: 'then', accountId: 'a' }),
    podView({ name: 'then', accountId: 'b' }),
  ])
  const [part] = mergeSnapshots([listed('a', 'then')()], noBudgets, 0).accounts
  const accounts = ['a', 'b'].map((id) => ({ ...part!, entry: accountEntry({ id }), listedAtMs: 0 }))
  for (const one of lastSnapshotsOf({ ...earlier, accounts })) lastSnapshots.set(one.accountId, one)

  show(waiting('a'), waiting('b'))
  await flushPromises()
  expect(names(snapshots.snapshot())).toEqual([])
  expect(published.flatMap(names)).toEqual([])
  expect(names(snapshots.shownSnapshot())).toEqual(['then', 'then'])
  expect(snapshots.shownSnapshot().revision).toBe(snapshots.snapshot().revision)

  show(listed('a', 'now'), waiting('b'))
  await flushPromises()
  expect(names(snapshots.snapshot())).toEqual(['now'])
  expect(names(snapshots.shownSnapshot())).toEqual(['now', 'then'])
  expect(snapshots.shownSnapshot().accounts).toMatchObject([
    { connection: { kind: 'live' } },
    { connection: { kind: 'connecting' }, listedAtMs: 0 },
  ])

  show(listed('a', 'now'), listed('b', 'now'))
  await flushPromises()
  expect(snapshots.shownSnapshot()).toBe(snapshots.snapshot())
})

test('the rules of the server that keeps an account are shown in windows, and known to nothing else', async () => {
  const { snapshots, show, serverRules } = fixtureOf()
  const own = podView({ id: 'p' })
  show(
    constant({
      entry: accountEntry({ id: 'a' }),
      snapshot: snapshotOf([own, podView({ id: 'new' })]),
    }),
  )
  await flushPromises()
  expect(snapshots.shownSnapshot()).toBe(snapshots.snapshot())
  const there: ShownServerRules = {
    autoStop: 'ticked',
    pods: new Map([
      [
        'p',
        {
          isAutoStopEnabled: true,
          keepRunning: { until: 9_000, by: 'bob' },
          rules: { maxHours: 5 },
          origins: {},
        },
      ],
    ]),
    stops: new Map([['p', { state: 'planned', cause: 'max-hours', action: 'stop', at: 9_000 }]]),
    host: 'lab-server',
    lostSinceReadMs: null,
  }
  serverRules.set('a', there)
  const { pods, guard } = snapshots.shownSnapshot()
  expect(guard.autoStop).toBe('ticked')
  expect(pods[0]?.guard).toMatchObject({
    isAutoStopEnabled: true,
    keepOn: { untilMs: 9_000 },
    keptBy: 'bob',
    rules: { maxHours: 5 },
    autoStop: { kind: 'planned', atMs: 9_000 },
    server: 'lab-server',
  })
  expect(pods[1]?.guard).toEqual(own.guard)
  expect(snapshots.snapshot()).toMatchObject({ guard: { autoStop: 'off' }, pods: [{ guard: own.guard }, {}] })
  // A server that is lost may not carry it out.
  serverRules.set('a', { ...there, lostSinceReadMs: 5_000 })
  expect(snapshots.shownSnapshot().pods[0]?.guard.autoStop).toMatchObject({
    kind: 'blocked',
    text: expect.stringMatching(/^It isn’t known whether lab-server still stops this pod/),
  })
})
