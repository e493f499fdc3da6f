import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { allAuditEntries } from '../../../src/core/audit-log/audit-log'
import { fail, ok, type Result } from '../../../src/core/base/result'
import { defaultSettings, type Settings } from '../../../src/core/settings/settings'
import { type AccountView, emptySnapshot, type Snapshot } from '../../../src/core/view/snapshot'
import { createSessionAuditLog } from '../../../src/main/account/session-audit-log'
import type { AccountSession } from '../../../src/main/account/account-session'
import type { AppStore } from '../../../src/main/settings/app-store'

const account = (keyEnding: string): Omit<AccountView, 'isMonitorOnly'> => ({
  id: 'account',
  isDemo: false,
  host: 'api.runpod.io',
  keyStorage: 'system-keyring',
  keyEnding,
})
const demo = { id: 'demo', isDemo: true, host: 'this computer', keyStorage: 'none-needed' } as const

function rig(mayWrite: () => Result<void, string> = () => ok(undefined)) {
  const folder = join(mkdtempSync(join(tmpdir(), 'podkeeper-keeper-')), 'activity')
  const republish = vi.fn()
  let shown: Snapshot = emptySnapshot(0, [])
  const inner = {
    snapshot: () => shown,
    disconnect: async () => ok(undefined),
    dismissNotice: vi.fn(),
    republish,
  } as unknown as AccountSession
  const listeners: Parameters<AppStore['onSettings']>[0][] = []
  const keeper = createSessionAuditLog({
    folder,
    mayWrite,
    nowMs: () => 1_000,
    session: () => inner,
    onSettings(listener) {
      listeners.push(listener)
      return () => {}
    },
  })
  const change = (after: Partial<Settings>): void => {
    for (const listener of listeners) listener({ ...defaultSettings, ...after }, defaultSettings)
  }
  const session = keeper.decorate(inner)
  const texts = (): string[] => keeper.page(null, allAuditEntries).entries.map(({ text }) => text)
  const watch = (view: Omit<AccountView, 'isMonitorOnly'>) => {
    shown = { ...emptySnapshot(0, []), account: { ...view, isMonitorOnly: false } }
    return keeper.logForAccount(view)
  }
  return { folder, change, keeper, session, redraw: republish, texts, watch }
}

test('connecting an account, changing its key and removing it are logged', async () => {
  const { session, texts, watch } = rig()
  watch(account('aaaa'))
  watch(account('bbbb'))
  await session.disconnect()
  expect(texts()).toEqual([
    'Forgot the key ending in bbbb of the account at api.runpod.io.',
    'Watching the account at api.runpod.io with another key: the key ending in bbbb.',
    'Watching the account at api.runpod.io with the key ending in aaaa.',
  ])
})

test('events of the demo are listed while it runs, and never reach the file', async () => {
  const { keeper, session, texts, watch } = rig()
  watch(account('aaaa'))
  const log = watch(demo)
  expect(texts()).toEqual([])
  log.record({
    atMs: 1,
    accountId: 'demo',
    podId: null,
    podName: null,
    kind: 'alert',
    what: 'idle',
    text: 'made up',
    tone: 'plain',
  })
  expect(texts()).toEqual(['made up'])
  expect(keeper.withAuditLog(session.snapshot()).auditLog).toEqual({ lastSeq: 1, alertSeqs: [1] })
  await session.disconnect()
  expect(texts()).toEqual(['Watching the account at api.runpod.io with the key ending in aaaa.'])
})

test('windows are notified of an entry, once for several, and not if a snapshot already included it', async () => {
  const { keeper, session, redraw, watch } = rig()
  watch(account('aaaa'))
  watch(account('bbbb'))
  await vi.waitFor(() => expect(redraw).toHaveBeenCalledOnce())
  redraw.mockClear()
  watch(account('cccc'))
  keeper.withAuditLog(session.snapshot())
  await new Promise(setImmediate)
  await new Promise(setImmediate)
  expect(redraw).not.toHaveBeenCalled()
})

test('a log that cannot be written is a notice until it can, and nothing else stops', () => {
  const { folder, keeper, session, watch } = rig()
  writeFileSync(folder, 'in the way')
  watch(account('aaaa'))
  const [notice] = session.snapshot().notices
  expect(notice?.text).toContain('The activity log cannot be written')
  watch(account('bbbb'))
  expect(session.snapshot().notices).toHaveLength(1)
  rmSync(folder)
  keeper.recordStart()
  expect(session.snapshot().notices).toEqual([])
})

test('the notice about the log can be dismissed', () => {
  const { folder, session, watch } = rig()
  writeFileSync(folder, 'in the way')
  watch(account('aaaa'))
  session.dismissNotice(session.snapshot().notices[0]?.id ?? '')
  expect(session.snapshot().notices).toEqual([])
})

test('nothing is logged while another process acts, and that is not reported as a problem', () => {
  const { session, texts, watch } = rig(() => fail('a watch acts'))
  watch(account('aaaa'))
  expect(texts()).toEqual([])
  expect(session.snapshot().notices).toEqual([])
})

test('a change that affects the guard is logged', () => {
  const { change, texts } = rig()
  change({ areAutoStopsPaused: true, theme: 'dark' })
  expect(texts()).toEqual(['Automatic stops are paused.'])
})

test('start and end are logged, and a start tells of a run that did not end', () => {
  const { keeper, texts } = rig()
  keeper.recordStart()
  keeper.recordStart()
  keeper.close()
  expect(texts()).toEqual([
    'Podkeeper ended.',
    'Podkeeper started. The run before did not end by itself: its last entry is of 1970-01-01T00:00:01.000Z.',
    'Podkeeper started.',
  ])
})
