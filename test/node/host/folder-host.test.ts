import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { allAuditEntries, type AuditEntry } from '../../../src/core/audit-log/audit-log'
import { fail, ok } from '../../../src/core/base/result'
import { defaultSettings } from '../../../src/core/settings/settings'
import { judgeHealth } from '../../../src/core/monitor/folder-health'
import type { Monitor } from '../../../src/core/monitor/monitor-types'
import { createNotices } from '../../../src/core/view/notices'
import { createSystemClock } from '../../../src/node/clock'
import { createFolderLock, type LockRole } from '../../../src/node/data-folder/lock/folder-lock'
import { createAccountMonitor } from '../../../src/node/host/account-monitor'
import { createFolderHost } from '../../../src/node/host/folder-host'
import type { FolderHostOptions } from '../../../src/node/host/host-types'
import type { askServer } from '../../../src/node/servers/server-client'
import { openServersFile } from '../../../src/node/servers/servers-file'
import { createMemoryAccountRules } from '../../../src/node/in-memory/memory-account-rules'
import { createFakeClock } from '../../harness/base/fake-clock'
import { createScriptedProvider, failure } from '../../harness/monitor/scripted-provider'
import { pod } from '../../harness/samples/pods'

const settings = () => defaultSettings

type AskServer = typeof askServer

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'podkeeper-host-'))

const lockOf = (folder: string, program: 'app' | 'cli', onRole: (role: LockRole) => void = () => {}) =>
  createFolderLock({
    dataFolder: folder,
    journalPath: join(folder, 'intents.jsonl'),
    program,
    canActUnlocked: program === 'app',
    nowMs: () => 1_000,
    onRole,
  })

/** A host of the folder as the app has it. */
function openHost(folder: string, changes: Partial<FolderHostOptions> = {}) {
  const monitors: Monitor[] = []
  const roles: (readonly [role: LockRole['kind'], isActing: boolean])[] = []
  const activityProblems: (string | null)[] = []
  const problems: string[] = []
  const clock = createSystemClock()
  const host = createFolderHost({
    folder,
    clock: { ...clock, now: () => ({ ...clock.now(), wallMs: 1_000 }) },
    program: 'Podkeeper',
    createFolderLock: (onRole) => lockOf(folder, 'app', onRole),
    settings,
    accountRules: createMemoryAccountRules(),
    monitors: () => monitors,
    keyring: null,
    podAccess: null,
    sendHeartbeat: async () => ok(undefined),
    sendToChannel: async () => ({ kind: 'accepted', answer: '' }),
    isScreenLocked: () => null,
    notifier: { show: async () => 'shown' },
    alertsPausedUntilMs: () => null,
    inputAgoMs: () => null,
    onRole: (role, isActing) => roles.push([role.kind, isActing]),
    onJournalProblem: (problem) => problems.push(problem),
    onActivityProblem: (problem) => activityProblems.push(problem),
    onHistoryProblem: () => {},
    onChannels: () => {},
    report: () => {},
    ...changes,
  })
  onTestFinished(() => host.dispose())
  const texts = (): string[] => host.activity.page(null, allAuditEntries, 100).entries.map(({ text }) => text)
  const starts = (): number => texts().filter((text) => text.includes('started')).length
  return { host, clock, monitors, roles, activityProblems, problems, texts, starts }
}

const entry: AuditEntry = {
  atMs: 1,
  accountId: null,
  podId: null,
  podName: null,
  kind: 'key',
  what: 'account',
  tone: 'plain',
  text: 'An entry',
}

test('a host without a usable lock acts until another program holds it, and takes over again', async () => {
  const folder = newFolder()
  writeFileSync(join(folder, 'writer'), '')
  const app = openHost(folder)
  await app.host.start()
  expect(app.host.lock.isActing()).toBe(true)
  expect(app.roles).toEqual([['unlocked', true]])
  expect(app.starts()).toBe(1)

  rmSync(join(folder, 'writer'))
  const command = lockOf(folder, 'cli')
  await command.start()
  expect(app.host.lock.mayWrite().ok).toBe(false)
  expect(app.host.lock.isActing()).toBe(false)
  await vi.waitFor(() => expect(app.roles.at(-1)).toEqual(['passive', false]))

  command.dispose()
  await vi.waitFor(() => expect(app.roles.at(-1)).toEqual(['active', true]))
  expect(app.starts()).toBe(2)
})

test('a host of a folder of a newer version neither alerts nor acts', async () => {
  const folder = newFolder()
  writeFileSync(join(folder, 'format.json'), '{"version":3}')
  const { host, roles, starts } = openHost(folder)
  await host.start()
  expect(roles).toEqual([['unsupported-format', false]])
  expect([host.lock.isActing(), host.lock.mayWrite().ok, starts()]).toEqual([false, false, 0])
})

test('start and end are logged, and a start tells of a run that did not end', async () => {
  const folder = newFolder()
  const killed = openHost(folder)
  await killed.host.start()
  killed.host.activity.close()
  rmSync(join(folder, 'writer'), { recursive: true })
  const { host, texts } = openHost(folder)
  await host.start()
  host.dispose()
  expect(texts()).toEqual([
    'Podkeeper ended.',
    'Podkeeper started. The previous run didn’t exit normally; its last entry is from 1970-01-01T00:00:01.000Z.',
    'Podkeeper started.',
  ])
})

test('an activity log that cannot be written is reported once, and again when it can be', async () => {
  const folder = newFolder()
  const { host, activityProblems } = openHost(folder)
  await host.start()
  host.activity.close()
  rmSync(join(folder, 'activity'), { recursive: true })
  writeFileSync(join(folder, 'activity'), 'in the way')
  host.activity.record(entry)
  host.activity.record(entry)
  expect(activityProblems).toEqual([expect.stringContaining('The activity log cannot be written')])
  rmSync(join(folder, 'activity'))
  host.activity.record(entry)
  expect(activityProblems.at(-1)).toBeNull()
})

test('a host writes nothing to the activity log while another program acts', async () => {
  const folder = newFolder()
  const command = lockOf(folder, 'cli')
  onTestFinished(() => command.dispose())
  await command.start()
  const { host, activityProblems, texts } = openHost(folder)
  await host.start()
  host.activity.record(entry)
  expect([texts(), activityProblems]).toEqual([[], []])
})

test('the queue of a host has the pods of the accounts that it created the monitors of, and no others', async () => {
  const { host, clock, monitors } = openHost(newFolder())
  await host.start()
  const accountOf = (id: string) => ({ id, isDemo: false, host: 'api', keyStorage: 'session-only' }) as const
  const own = host.createMonitor({
    account: accountOf('own'),
    provider: createScriptedProvider([pod({ id: 'a', name: 'a' })]),
    settings,
    notifier: { show: async () => 'shown' },
    notices: createNotices(),
    auditLog: host.activity,
    podApiBase: () => null,
    label: () => null,
    isRunpod: true,
    isUnclear: false,
    addedAtMs: null,
  })
  const foreign = createAccountMonitor({
    account: accountOf('foreign'),
    provider: createScriptedProvider([pod({ id: 'b', name: 'b' })]),
    clock,
    settings,
    journal: { record: () => ok(undefined), latest: () => [] },
    report: () => {},
  })
  monitors.push(own, foreign)
  onTestFinished(() => monitors.forEach((one) => one.dispose()))
  for (const one of monitors) one.start()
  await vi.waitFor(() => expect(monitors.map((one) => one.snapshot().pods.length)).toEqual([1, 1]))
  expect(host.queue.podNames()).toEqual([{ key: 'own/a', name: 'a' }])
  monitors.splice(0, 1)
  expect(host.queue.podNames()).toEqual([])
  own.dispose()
})

test('a folder that other computers have, too, is told when it is opened, and another one is not', async () => {
  const folder = newFolder()
  const shared = openHost(join(folder, 'Dropbox', 'Podkeeper'))
  mkdirSync(join(folder, 'Dropbox', 'Podkeeper'), { recursive: true })
  await shared.host.start()
  expect(shared.problems).toEqual([expect.stringContaining('Two computers could act on the same pods')])
  const own = openHost(newFolder())
  await own.host.start()
  expect(own.problems).toEqual([])
})

/** A host with one account whose dead-man's switch expects a request every minute. */
async function openHostWithSwitch(folder: string) {
  const clock = createFakeClock()
  const sent: string[] = []
  const heartbeat = { url: 'https://example.org/secret', everyMinutes: 1 }
  writeFileSync(join(folder, 'heartbeat.json'), JSON.stringify({ version: 1, heartbeat }))
  const sendHeartbeat = async (url: string) => {
    sent.push(url)
    return ok(undefined)
  }
  const { host, monitors, texts } = openHost(folder, { clock, sendHeartbeat })
  const provider = createScriptedProvider([pod({ id: 'a', name: 'a' })])
  const monitor = host.createMonitor({
    account: { id: 'own', isDemo: false, host: 'api', keyStorage: 'session-only' },
    provider,
    settings,
    notifier: { show: async () => 'shown' },
    notices: createNotices(),
    auditLog: host.activity,
    podApiBase: () => null,
    label: () => null,
    isRunpod: true,
    isUnclear: false,
    addedAtMs: null,
  })
  onTestFinished(() => monitor.dispose())
  await host.start()
  const pass = async (minutes: number): Promise<number> => {
    const before = sent.length
    await clock.advanceAsync(minutes * 60_000)
    return sent.length - before
  }
  const watch = (): void => {
    monitors.push(monitor)
    monitor.start()
  }
  return { provider, pass, watch, texts }
}

test('a dead-man’s switch is told while pods are listed, and from the first failed list on no more', async () => {
  const { provider, pass, watch, texts } = await openHostWithSwitch(newFolder())
  expect(await pass(10)).toBe(0)
  watch()
  expect(await pass(10)).toBeGreaterThanOrEqual(9)
  const isOut = { now: true }
  provider.listPods = async () =>
    isOut.now ? failure('unreachable') : ok({ pods: provider.pods, isComplete: true })
  await pass(1)
  expect(await pass(12)).toBe(0)
  isOut.now = false
  expect(await pass(12)).toBeGreaterThanOrEqual(9)
  expect(texts().filter((text) => text.includes('dead-man'))).toHaveLength(1)
  expect(texts().join()).not.toContain('secret')
})

test('a dead-man’s switch is told nothing by a host that only reads its folder', async () => {
  const folder = newFolder()
  const command = lockOf(folder, 'cli')
  onTestFinished(() => command.dispose())
  await command.start()
  const { pass, watch } = await openHostWithSwitch(folder)
  watch()
  expect(await pass(20)).toBe(0)
})

const MINUTE_MS = 60_000

/** Its maximum hours are over an hour after the start. */
const UNTIL_STOPPED_MS = 80 * 60_000

/** Hosts of several computers on one account, each with a key and the same rules of its own. */
async function openComputers(
  names: readonly string[],
  keptBy: Readonly<Record<string, AskServer>>,
  options: { readonly showsServerRules?: true } = {},
) {
  const clock = createFakeClock()
  const provider = createScriptedProvider([pod({ id: 'a', name: 'a' })])
  const stops: string[] = []
  const alerts: string[] = []
  const open = async (name: string) => {
    const folder = newFolder()
    const askServer = keptBy[name]
    const accountRules = createMemoryAccountRules()
    accountRules.update('own', () => ({ autoStop: 'all', pods: { a: { maxHours: 2 } } }))
    const { host, monitors } = openHost(folder, {
      clock,
      accountRules,
      ...(askServer && { askServer }),
      ...options,
    })
    const monitor = host.createMonitor({
      account: { id: 'own', isDemo: false, host: 'api', keyStorage: 'session-only' },
      provider: {
        ...provider,
        listPods: async () => ok({ pods: provider.pods, isComplete: true }),
        async act(_id, action) {
          stops.push(`${name} ${action}`)
          provider.pods = [pod({ id: 'a', name: 'a', phase: 'stopped', actions: ['start'] })]
          return ok(null)
        },
      },
      // Fewer polls take less time.
      settings: () => ({ ...defaultSettings, pollActiveS: 60, pollIdleS: 60, pollTransitionS: 60 }),
      notifier: {
        async show({ key }) {
          alerts.push(`${name} ${key.kind}`)
          return 'shown'
        },
      },
      notices: createNotices(),
      auditLog: host.activity,
      podApiBase: () => null,
      label: () => null,
      isRunpod: true,
      isUnclear: false,
      addedAtMs: null,
    })
    onTestFinished(() => monitor.dispose())
    await host.start()
    const server = { origin: 'https://lab.example.org', token: 'pkp_x', labId: 'lab', ca: null }
    if (askServer !== undefined) expect(openServersFile(folder).set('own', server).ok).toBe(true)
    monitors.push(monitor)
    monitor.start()
    return { host, folder, monitor }
  }
  const opened = []
  for (const name of names) opened.push(await open(name))
  return { clock, stops, alerts, opened }
}

const acting: AskServer = async () => ok({ status: 200, data: {}, meta: null, problem: null })

test('of two computers and the server that keeps their account, only the server alerts and stops', async () => {
  const { clock, stops, alerts } = await openComputers(['server', 'alice', 'bob'], {
    alice: acting,
    bob: acting,
  })
  await clock.advanceAsync(UNTIL_STOPPED_MS)
  expect(stops).toEqual(['server stop'])
  expect(new Set(alerts.map((text) => text.split(' ')[0]))).toEqual(new Set(['server']))
})

test('a computer whose account a server keeps acts for it again once that ends, by the rules it had', async () => {
  const { clock, stops, alerts, opened } = await openComputers(['alice'], { alice: acting })
  const [{ folder, monitor, host }] = opened as [(typeof opened)[number]]
  await clock.advanceAsync(UNTIL_STOPPED_MS)
  expect([stops, alerts]).toEqual([[], []])
  expect(monitor.snapshot().obstacles).toMatchObject([{ code: 'server-keeps' }])
  expect(monitor.keepOn('a', '1-hour')).toMatchObject({ error: expect.stringContaining('lab.example.org') })
  expect(judgeHealth({ version: '', ...host.health() }).acting).toBe(true)
  openServersFile(folder).set('own', null)
  await clock.advanceAsync(UNTIL_STOPPED_MS / 2)
  expect(stops).toEqual(['alice stop'])
  expect(alerts).not.toEqual([])
})

test('what holds at the server is read to be shown, again after each change, and stays when it can’t be read', async () => {
  let until: number | null | undefined
  let isUp = true
  const asked: string[] = []
  const ask: AskServer = async (_, { method, path }) => {
    asked.push(`${method} ${path}`)
    if (!isUp) return fail({ message: 'refused', isSent: false })
    if (method === 'POST') until = 9_000
    if (path.includes('/activity'))
      return ok({
        status: 200,
        data: { activity: [{ _id: 'e', message: 'Stopped a', createdAt: 5_000 }] },
        meta: null,
        problem: null,
      })
    const data = path.includes('/labs')
      ? [{ id: 'lab', autoStop: 'all' }]
      : [
          {
            _id: 'pod_a',
            runpodPodId: 'a',
            rules: {
              isAutoStopEnabled: true,
              keepRunning: until === undefined ? null : { until },
              rules: { maxHours: 5 },
            },
            nextStop: { state: 'expected', cause: 'quiet', action: 'stop', at: 9_000 },
          },
        ]
    return ok({ status: 200, data, meta: { next_cursor: null }, problem: null })
  }
  const { clock, opened } = await openComputers(['alice'], { alice: ask }, { showsServerRules: true })
  const { host, monitor } = opened[0]!
  await clock.advanceAsync(MINUTE_MS)
  expect(host.servers.rulesThere('own')).toMatchObject({ autoStop: 'all', lostSinceReadMs: null })
  expect(host.servers.rulesThere('own')?.pods.get('a')).toMatchObject({ keepRunning: null })
  expect(await host.servers.keeperOf('own')?.keepOn('a', '1-hour')).toEqual(ok(undefined))
  expect(asked).toContain('POST /api/v1/pods/a/keep-running')
  const rows = [{ atMs: 5_000, text: 'Stopped a', detail: null }]
  expect(await host.servers.readPage('own', 'activity')).toMatchObject({ problem: null, rows })
  isUp = false
  await clock.advanceAsync(5 * MINUTE_MS)
  // What was read before says so.
  expect(await host.servers.readPage('own', 'activity')).toMatchObject({
    problem: 'refused',
    readAtMs: clock.now().wallMs - 5 * MINUTE_MS,
    rows,
  })
  expect(await host.servers.readPage('own', 'queue')).toMatchObject({ readAtMs: null, rows: [] })
  expect(await host.servers.readPage('other', 'queue')).toBeNull()
  expect(host.servers.rulesThere('own')?.pods.get('a')).toMatchObject({ keepRunning: { until: 9_000 } })
  expect(host.servers.rulesThere('own')).toMatchObject({ lostSinceReadMs: expect.any(Number) })
  expect(host.servers.rulesThere('own')?.stops.get('a')).toMatchObject({ state: 'expected', at: 9_000 })
  // Nothing of it holds here.
  expect(monitor.snapshot().pods[0]?.guard).toMatchObject({
    keepOn: null,
    rules: {},
    isAutoStopEnabled: false,
  })
  expect(host.servers.keeperOf('other')).toBeNull()
})

test.each([
  ['can’t be reached', async () => fail({ message: 'refused', isSent: false })],
  [
    'stops nothing: the disk is full',
    async () =>
      ok({ status: 503, data: { acting: false, reason: 'the disk is full.' }, meta: null, problem: 'x' }),
  ],
] satisfies [string, AskServer][])(
  'a server that %s is said to be so, and nothing is done in its place',
  async (why, ask) => {
    const { clock, stops, opened } = await openComputers(['alice'], { alice: ask })
    const { monitor, host } = opened[0]!
    await clock.advanceAsync(UNTIL_STOPPED_MS)
    expect(stops).toEqual([])
    expect(monitor.snapshot().obstacles).toMatchObject([
      { code: 'server-lost', severity: 'critical', why: expect.stringContaining(why) },
    ])
    expect(judgeHealth({ version: '', ...host.health() }).acting).toBe(false)
  },
)

test('where it can’t be read which server keeps an account, nothing is done for it, and it is said why', async () => {
  const { clock, stops, alerts, opened } = await openComputers(['alice'], { alice: acting })
  const { folder, monitor } = opened[0]!
  writeFileSync(join(folder, 'servers.json'), '{')
  await clock.advanceAsync(UNTIL_STOPPED_MS)
  expect([stops, alerts]).toEqual([[], []])
  expect(monitor.snapshot().obstacles).toMatchObject([
    { code: 'server-lost', why: expect.stringContaining('servers.json') },
  ])
})
