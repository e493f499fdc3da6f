import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { allAuditEntries, type AuditEntry } from '../../../src/core/audit-log/audit-log'
import { ok } from '../../../src/core/base/result'
import { defaultSettings } from '../../../src/core/settings/settings'
import type { Monitor } from '../../../src/core/monitor/monitor-types'
import { createNotices } from '../../../src/core/view/notices'
import { createSystemClock } from '../../../src/node/clock'
import { createFolderLock, type LockRole } from '../../../src/node/data-folder/lock/folder-lock'
import { createAccountMonitor } from '../../../src/node/host/account-monitor'
import { createFolderHost } from '../../../src/node/host/folder-host'
import type { FolderHostOptions } from '../../../src/node/host/host-types'
import { createMemoryAccountRules } from '../../../src/node/in-memory/memory-account-rules'
import { createFakeClock } from '../../harness/base/fake-clock'
import { createScriptedProvider, failure } from '../../harness/monitor/scripted-provider'
import { pod } from '../../harness/samples/pods'

const settings = () => defaultSettings

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
