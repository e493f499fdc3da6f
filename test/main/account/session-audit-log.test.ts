import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { allAuditEntries } from '../../../src/core/audit-log/audit-log'
import { fail, ok, type Result } from '../../../src/core/base/result'
import { defaultSettings, type Settings } from '../../../src/core/settings/settings'
import { createNotices } from '../../../src/core/view/notices'
import type { AccountView } from '../../../src/core/view/snapshot'
import { createSessionAuditLog } from '../../../src/main/account/session-audit-log'
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
  const notices = createNotices()
  const listeners: Parameters<AppStore['onSettings']>[0][] = []
  const keeper = createSessionAuditLog({
    folder,
    mayWrite,
    nowMs: () => 1_000,
    notices,
    onSettings(listener) {
      listeners.push(listener)
      return () => {}
    },
  })
  const change = (after: Partial<Settings>): void => {
    for (const listener of listeners) listener({ ...defaultSettings, ...after }, defaultSettings)
  }
  const texts = (): string[] => keeper.page(null, allAuditEntries).entries.map(({ text }) => text)
  const forget = (view: Omit<AccountView, 'isMonitorOnly'>) =>
    keeper.endAccount({ ...view, isMonitorOnly: false })
  const watch = (view: Omit<AccountView, 'isMonitorOnly'>) => keeper.logForAccount(view)
  return { folder, change, keeper, notices, texts, watch, forget }
}

test('an account that is connected, gets another key and is forgotten leaves an entry each time', () => {
  const { texts, watch, forget } = rig()
  watch(account('aaaa'))
  watch(account('bbbb'))
  forget(account('bbbb'))
  expect(texts()).toEqual([
    'Forgot the key ending in bbbb of the account at api.runpod.io.',
    'Watching the account at api.runpod.io with another key: the key ending in bbbb.',
    'Watching the account at api.runpod.io with the key ending in aaaa.',
  ])
})

test('what happens in the demo is listed while it runs, and never gets into the file', () => {
  const { keeper, texts, watch, forget } = rig()
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
  expect(keeper.view()).toEqual({ lastSeq: 1, alertSeqs: [1] })
  forget(demo)
  expect(texts()).toEqual(['Watching the account at api.runpod.io with the key ending in aaaa.'])
})

test('whoever shows it hears of each entry, of the file and of the demo, and of the end of an account', () => {
  const { keeper, watch, forget, change } = rig()
  const onChange = vi.fn()
  keeper.onChange(onChange)
  watch(account('aaaa'))
  change({ areAutoStopsPaused: true })
  expect(onChange).toHaveBeenCalledTimes(2)
  watch(demo).record({
    atMs: 1,
    accountId: 'demo',
    podId: null,
    podName: null,
    kind: 'alert',
    what: 'idle',
    text: 'made up',
    tone: 'plain',
  })
  expect(onChange).toHaveBeenCalledTimes(3)
  forget(demo)
  expect(onChange).toHaveBeenCalledTimes(4)
})

test('a log that cannot be written is a notice until it can, and nothing else stops', () => {
  const { folder, keeper, notices, watch } = rig()
  writeFileSync(folder, 'in the way')
  watch(account('aaaa'))
  const [notice] = notices.all()
  expect(notice?.text).toContain('The activity log cannot be written')
  watch(account('bbbb'))
  expect(notices.all()).toHaveLength(1)
  rmSync(folder)
  keeper.recordStart()
  expect(notices.all()).toEqual([])
})

test('a notice of it can be dismissed', () => {
  const { folder, notices, watch } = rig()
  writeFileSync(folder, 'in the way')
  watch(account('aaaa'))
  notices.dismiss(notices.all()[0]?.id ?? '')
  expect(notices.all()).toEqual([])
})

test('while another process acts nothing is written, and that is no trouble', () => {
  const { notices, texts, watch } = rig(() => fail('a watch acts'))
  watch(account('aaaa'))
  expect(texts()).toEqual([])
  expect(notices.all()).toEqual([])
})

test('what arms or disarms the guard is an entry', () => {
  const { change, texts } = rig()
  change({ areAutoStopsPaused: true, theme: 'dark' })
  expect(texts()).toEqual(['Automatic stops are paused.'])
})

test('start and end are entries, and a start tells of a run that did not end', () => {
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
