import { expect, test, vi } from 'vitest'
import { MINUTE_MS } from '../../../../src/core/base/time/time'
import { fail, ok, type Result } from '../../../../src/core/base/result'
import { createHistoryStore } from '../../../../src/core/history/history-store'
import { createMemoryHistoryFiles } from '../../../../src/node/in-memory/memory-files'
import { FULL_KEY, READ_ONLY_KEY } from '../../../../src/simulator/simulator'
import {
  type Bench,
  bench,
  connected,
  inMonitor,
  liveAccounts,
  paste,
  runpodWith,
  startRunpod,
  storedAccount,
  workingKeyring,
} from '../../../harness/data-folder/account-session-fixture'
import { flushPromises } from '../../../harness/base/fake-clock'
import { deferred } from '../../../harness/monitor/scripted-provider'

const isDemo = ({ session }: Bench) => session.snapshot().account?.isDemo
const names = ({ session }: Bench) => session.snapshot().accounts.map(({ entry }) => entry.name)

/** What all days cost that these snapshots show: where the day's amount falls, a day has begun. */
function spentUsd(snapshots: Bench['snapshots']): number {
  const amounts = snapshots.flatMap(({ money }) => (money === null ? [] : [money.today.usd]))
  return amounts.reduce((total, usd, at) => {
    const next = amounts[at + 1]
    return next === undefined || next < usd / 2 ? total + usd : total
  }, 0)
}

/** Two accounts, of two keys, at one simulated Runpod. */
async function twoAccounts(b: (baseUrl: string) => Bench) {
  const runpod = await startRunpod({
    pods: [{ name: 'a', id: 'a', mode: 'training' }],
    accountIds: { [READ_ONLY_KEY]: 'user_other' },
  })
  const made = b(`${runpod.url}/v2`)
  return { runpod, b: made, ids: [await paste(made, FULL_KEY), await paste(made, READ_ONLY_KEY)] }
}

test('windows can drop old snapshots, because revisions increase across accounts and the demo', async () => {
  const runpod = await runpodWith('a')
  const b = bench({ baseUrl: `${runpod.url}/v2` })
  const id = await paste(b, FULL_KEY)
  await b.session.removeAccount(id)
  await b.session.startDemo()
  await connected(b.session)
  await b.session.leaveDemo()
  const revisions = b.snapshots.map(({ revision }) => revision)
  expect(revisions).toEqual([...revisions].sort((x, y) => x - y))
  expect(new Set(revisions).size).toBe(revisions.length)
  expect(b.account).toBeNull()
  expect(b.session.snapshot()).toMatchObject({ connection: { kind: 'no-account' }, accounts: [] })
})

test('a look into a pod of the demo is in the time of the demo, so that what it found holds', async () => {
  const looked: string[] = []
  const b = bench({
    podAccess: {
      lookInside: (_accountId, clock) => (pod) => {
        looked.push(pod.id)
        const at = clock?.now()
        const found = { verdict: 'at-rest', intervalMs: MINUTE_MS, processCount: 1, busiest: null } as const
        const result =
          at === undefined ? fail('no clock') : ok({ ...found, at, diskBytesPerS: 0, networkBytesPerS: 0 })
        return { result: Promise.resolve(result), cancel: () => {} }
      },
    },
  })
  await b.session.startDemo()
  await connected(b.session)
  const pod = b.session.snapshot().pods.find(({ phase }) => phase === 'running')
  const { accountId = '', id = '' } = pod ?? {}
  await b.session.monitor(accountId)?.lookInside(id)
  const view = () =>
    b.session
      .monitor(accountId)
      ?.snapshot()
      .pods.find((one) => one.id === id)?.insideLook
  expect(looked).toContain(id)
  expect(view()).toMatchObject({ verdict: { kind: 'at-rest' }, obstacle: null })
})

test('the demo opens with a pod that was idle for 42 min, six hours of history, and one notification', async () => {
  const b = bench()
  await b.session.startDemo()
  const { pods, atMs } = b.session.snapshot()
  expect(Math.abs(atMs - Date.now())).toBeLessThan(60_000)
  const planck = pods.find(({ name }) => name === 'mcmc-planck')
  expect(planck?.activity).toMatchObject({ kind: 'idle' })
  const idleForMs = planck?.activity.kind === 'idle' ? planck.activity.idleForMs : 0
  expect(idleForMs / 60_000).toBeGreaterThan(41.9)
  expect(idleForMs / 60_000).toBeLessThan(44)
  expect(planck?.idleCostUsd).toBeGreaterThanOrEqual(2.78)
  expect(pods.find(({ name }) => name === 'llama-70b-sft')?.activity.kind).toBe('busy')
  // Nothing of the past is shown: no window gets a snapshot of an earlier time.
  expect(b.snapshots.filter((one) => one.pods.length > 0 && one.atMs < atMs - 60_000)).toEqual([])
  const keys = pods.filter(({ phase }) => phase === 'running').map(({ key }) => key)
  const histories = await b.session.histories(keys)
  for (const { points } of histories.slice(0, 3)) {
    expect(atMs - (points[0]?.atMs ?? atMs)).toBeGreaterThan(5 * 3_600_000)
    expect(points.every(({ utilPercent }) => utilPercent !== null)).toBe(true)
  }
  await vi.waitFor(() => expect(b.alerts.filter(({ key }) => key.kind === 'idle')).toHaveLength(1))
})

test('one demo runs, however often it is started', async () => {
  const b = bench()
  await Promise.all([b.session.startDemo(), b.session.startDemo(), b.session.startDemo()])
  await connected(b.session)
  expect(b.session.monitors()).toHaveLength(1)
  expect(names(b)).toEqual(['Demo'])
  await b.session.leaveDemo()
  await flushPromises()
  const before = b.snapshots.length
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(b.snapshots.length).toBe(before)
  expect(b.session.monitors()).toEqual([])
})

test('a lab is added to the demo and removed, shows what the lab says of its pods, and nothing of it is left', async () => {
  const b = bench()
  await b.session.startDemo()
  await connected(b.session)
  const revisionBefore = b.snapshots.length
  expect(b.session.runDemoCommand('add-lab')).toEqual(ok(undefined))
  // Once only.
  expect(b.session.runDemoCommand('add-lab')).toEqual(ok(undefined))
  await liveAccounts(b.session)
  expect(names(b)).toEqual(['Demo', 'Dark energy'])
  const [, lab] = b.session.snapshot().accounts
  expect(lab).toMatchObject({
    entry: { isDemo: true, provider: 'hubify', webFeatures: expect.arrayContaining(['terminate']) },
    guard: { autoStop: 'undecided' },
  })
  // Both pods of the lab are pods of the account, and shown once.
  await vi.waitFor(() => {
    const { pods } = b.session.snapshot()
    expect(pods).toHaveLength(5)
    expect(pods.flatMap(({ name, labKey }) => (labKey === undefined ? [] : [name])).sort()).toEqual([
      'anomaly-v3',
      'mcmc-planck',
    ])
  })
  await vi.waitFor(() => {
    const { totalUsd } = b.session.snapshot().accounts[1]?.lab?.spending?.value ?? {}
    expect(totalUsd).toBeGreaterThan(0)
  })
  expect(b.session.provider('demo-lab')?.webFallback?.().url).toBe('https://www.hubify.com')
  expect(b.session.runDemoCommand('remove-lab')).toEqual(ok(undefined))
  expect([names(b), b.session.monitors().length, b.session.snapshot().pods.length]).toEqual([['Demo'], 1, 5])
  expect(b.snapshots.length).toBeGreaterThan(revisionBefore)

  b.session.runDemoCommand('add-lab')
  await b.session.startDemo()
  await connected(b.session)
  expect(names(b)).toEqual(['Demo'])
  b.session.runDemoCommand('add-lab')
  await b.session.leaveDemo()
  expect([names(b), b.session.monitors(), b.session.monitor('demo-lab')]).toEqual([[], [], null])
  expect(b.session.runDemoCommand('add-lab')).toMatchObject({ ok: false })
  expect(b.session.snapshot()).toMatchObject({ connection: { kind: 'no-account' }, pods: [], notices: [] })
})

test('the demo takes the place of all accounts, whose keys continue after it, those of this session too', async () => {
  // Without a keyring, both keys are of this session only.
  const { b, ids } = await twoAccounts((baseUrl) => bench({ baseUrl }))
  expect(await b.session.startDemo()).toEqual(ok(true))
  expect(b.questions).toEqual(['Add another account?', 'Leave your accounts for the demo?'])
  await connected(b.session)
  expect([isDemo(b), names(b), b.session.monitor(ids[0]!)]).toEqual([true, ['Demo'], null])
  await b.session.leaveDemo()
  await liveAccounts(b.session)
  expect(b.session.monitors().map((one) => one.accountPods().accountId)).toEqual(ids)
  expect(names(b)).toEqual(['Runpod', 'Runpod 2'])
})

test('a paused account stays paused after the demo, and one that was never connected is', async () => {
  const { b, ids } = await twoAccounts((baseUrl) => bench({ baseUrl, keyring: workingKeyring }))
  await b.session.changeAccount(ids[0]!, { isPaused: true })
  b.session.dispose()

  const later = bench({ baseUrl: b.account!.baseUrl, keyring: workingKeyring, store: b.store })
  await later.session.startDemo()
  await connected(later.session)
  await later.session.leaveDemo()
  await vi.waitFor(() => expect(later.session.monitor(ids[1]!)).not.toBeNull())
  expect(later.session.monitor(ids[0]!)).toBeNull()
})

test('a key that is pasted in the demo ends it, and the other accounts are watched again', async () => {
  const { b, ids } = await twoAccounts((baseUrl) => bench({ baseUrl }))
  await b.session.startDemo()
  await connected(b.session)
  expect(await paste(b, FULL_KEY)).toBe(ids[0])
  await liveAccounts(b.session)
  expect(b.session.monitors()).toHaveLength(2)
  expect(names(b)).toEqual(['Runpod', 'Runpod 2'])
})

test('a key that is pasted in the demo connects the accounts that were stored before the start too', async () => {
  const runpod = await startRunpod({ accountIds: { [READ_ONLY_KEY]: 'user_other' } })
  const baseUrl = `${runpod.url}/v2`
  const encryptedKey = Buffer.from(READ_ONLY_KEY).toString('base64')
  const b = bench(
    { baseUrl, keyring: workingKeyring },
    storedAccount({ baseUrl, encryptedKey, keyEnding: READ_ONLY_KEY.slice(-4) }),
  )
  await b.session.startDemo()
  await connected(b.session)
  await paste(b, FULL_KEY)
  await vi.waitFor(() => expect(b.session.monitors()).toHaveLength(2))
  expect(b.store.accounts()).toHaveLength(2)
})

test('accounts are left for the demo only by a yes, and what cannot be asked is not done', async () => {
  const runpod = await runpodWith('a')
  let answer: Result<string | null, string> = ok(null)
  const b = bench({ baseUrl: `${runpod.url}/v2`, ask: () => Promise.resolve(answer) })
  await paste(b, FULL_KEY)
  expect(await b.session.startDemo()).toEqual(ok(false))
  answer = fail('10 questions are open.')
  expect(await b.session.startDemo()).toEqual(fail('10 questions are open.'))
  expect(b.session.snapshot()).toMatchObject({ account: { isDemo: false }, pods: [{ id: 'a' }] })
  answer = ok('')
  expect(await b.session.startDemo()).toEqual(ok(true))
  expect(isDemo(b)).toBe(true)
})

test('the demo waits while an action of any account is in progress, and one that began while it was asked', async () => {
  const { b, ids } = await twoAccounts((baseUrl) => bench({ baseUrl }))
  const [, second = ''] = ids
  await vi.waitFor(() => expect(b.session.snapshot().pods).toHaveLength(2))
  inMonitor(b, (monitor) => monitor.act('a', 'stop'), second)
  const asked = b.questions.length
  expect(await b.session.startDemo()).toEqual(fail(expect.stringContaining('an action is in progress (a)')))
  expect(b.questions).toHaveLength(asked)
  expect(b.session.monitors()).toHaveLength(2)
})

test('a question that nobody answers holds up no other account', async () => {
  const runpod = await startRunpod({ accountIds: { [READ_ONLY_KEY]: 'user_other' } })
  const answer = deferred<Result<string, string>>()
  const b = bench({
    baseUrl: `${runpod.url}/v2`,
    ask: ({ text }) => (text.title === 'Add another account?' ? Promise.resolve(ok('')) : answer.promise),
  })
  const id = await paste(b, FULL_KEY)
  const starting = b.session.startDemo()
  const removing = b.session.removeAccount(id)
  const other = await paste(b, READ_ONLY_KEY)
  expect(b.session.snapshot().accounts.map(({ entry }) => entry.id)).toEqual([id, other])
  inMonitor(b, (monitor) => monitor.setAutoStop('all'), other)
  answer.resolve(ok(''))
  expect([await starting, await removing]).toEqual([ok(true), ok(true)])
  expect(b.store.accounts().map((one) => one.id)).toEqual([other])
})

test('the accounts are watched again after the demo, though its history could not be removed', async () => {
  const warnings: string[] = []
  const store = createHistoryStore({
    files: createMemoryHistoryFiles(),
    nowMs: Date.now,
    onProblem: () => {},
  })
  const b = bench({
    usageHistories: {
      of: () => store,
      reader: () => store,
      remove: () => Promise.reject(new Error('EACCES')),
    },
    log: { warn: (what) => void warnings.push(what), hide: () => {} },
    baseUrl: `${(await runpodWith('a')).url}/v2`,
  })
  const id = await paste(b, FULL_KEY)
  await b.session.startDemo()
  await connected(b.session)
  await b.session.leaveDemo()
  await liveAccounts(b.session)
  expect(b.session.monitor(id)).not.toBeNull()
  expect(warnings).toContain('The history of the demo could not be removed')
})

test('in the tour time passes only when the person lets it, and all clocks of the demo run alike until the pod is stopped', async () => {
  const b = bench()
  await b.session.startDemo()
  await connected(b.session)
  const startMs = b.session.snapshot().atMs
  const planckId = b.session.snapshot().pods.find(({ name }) => name === 'mcmc-planck')?.id
  // With others that become idle at once, its name is in one notification about all of them.
  const isAboutPlanck = ({ key, body }: (typeof b.alerts)[number]): boolean =>
    key.podId === planckId || (key.kind === 'idle' && key.podId === null && body.includes('mcmc-planck'))
  await vi.waitFor(() => expect(b.alerts.some(isAboutPlanck)).toBe(true))
  const now = () => b.session.snapshot().demo!
  const step = () => now().tour?.step
  expect(step()).toBe('stop')
  b.session.runDemoCommand('skip-step')
  expect(step()).toBe('automatic')
  const [demo] = b.session.monitors()
  expect(demo?.changePodRules(planckId!, { isAutoStopped: true })).toEqual(ok(undefined))
  expect(demo?.setAutoStop('ticked')).toEqual(ok(undefined))
  await vi.waitFor(() => expect(step()).toBe('watch'))
  expect(now()).toMatchObject({ clock: { factor: 1 }, tour: { isTimePassing: false } })
  // The warning comes by itself, and the stop once time passes.
  await vi.waitFor(() =>
    expect(b.session.snapshot().pods.find(({ id }) => id === planckId)?.guard.autoStop.kind).toBe('planned'),
  )
  b.session.runDemoCommand('pass-time')
  expect(now()).toMatchObject({ clock: { factor: 60 }, tour: { isTimePassing: true } })
  // A speed that the person chooses is kept.
  b.session.runDemoCommand('speed-600')
  await vi.waitFor(() => expect(step()).toBe('saved'), 60_000)
  expect(now()).toMatchObject({ clock: { factor: 600 }, tour: { isTimePassing: false } })
  b.session.runDemoCommand('pass-time')
  expect(now().tour?.isTimePassing).toBe(true)
  await vi.waitFor(() => expect(now().tour?.savedUsd).toBeGreaterThan(3.5), 60_000)
  await vi.waitFor(() => expect(now().clock.factor).toBe(1))
  const { atMs, pods } = b.session.snapshot()
  expect(atMs - startMs).toBeGreaterThan(15 * 60_000)
  expect(atMs - startMs).toBeLessThan(180 * 60_000)
  // What the other pods cost in that time was counted, too: about $14 an hour, before and after midnight.
  expect(spentUsd(b.snapshots)).toBeGreaterThan(4)
  const planck = pods.find(({ name }) => name === 'mcmc-planck')
  const kinds = b.alerts.filter(isAboutPlanck).map(({ key }) => key.kind)
  expect(kinds[0]).toBe('idle')
  expect(kinds.at(-1)).toBe('auto-stopped')
  // With both warnings.
  expect(kinds.filter((kind) => kind === 'auto-stop-soon').length).toBeGreaterThanOrEqual(2)
  // Seen too rarely for a while, it is warned about again.
  expect(kinds.filter((kind) => kind === 'auto-stop-soon').length).toBeGreaterThanOrEqual(2)
  expect(planck?.phase).toBe('stopped')
  // The list is as new as the snapshot, in the time of both, as soon as this machine keeps up.
  await vi.waitFor(() => {
    const { atMs: nowMs, listedAtMs } = b.session.snapshot()
    expect(nowMs - (listedAtMs ?? 0)).toBeLessThan(15 * 60_000)
  })

  b.session.runDemoCommand('skip-step')
  expect(step()).toBe('done')
  // Again, of a pod that is stopped now: it has to be started first.
  b.session.runDemoCommand('restart-tour')
  await vi.waitFor(() => expect(step()).toBe('start'))
  await b.session.leaveDemo()
  expect(b.session.snapshot().demo).toBeUndefined()
})
