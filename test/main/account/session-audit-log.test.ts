import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { allAuditEntries } from '../../../src/core/audit-log/audit-log'
import { createListeners } from '../../../src/core/base/listeners'
import { ok } from '../../../src/core/base/result'
import { defaultSettings, type Settings } from '../../../src/core/settings/settings'
import type { AccountRecord } from '../../../src/core/settings/account-record'
import type { AccountView } from '../../../src/core/view/snapshot'
import { createSessionAuditLog } from '../../../src/main/account/session-audit-log'
import { openAuditLog } from '../../../src/node/data-folder/records/audit-log'
import type { AppStore } from '../../../src/main/settings/app-store'

const account = (keyEnding: string): Omit<AccountView, 'isMonitorOnly'> => ({
  id: 'account',
  isDemo: false,
  host: 'api.runpod.io',
  keyStorage: 'system-keyring',
  keyEnding,
})
const record: AccountRecord = {
  id: 'account',
  baseUrl: 'https://api.runpod.io/v2',
  keyEnding: 'bbbb',
  encryptedKey: null,
  name: 'Acme',
  color: 'blue',
}
const demo = { id: 'demo', isDemo: true, host: 'this computer', keyStorage: 'none-needed' } as const

function rig() {
  const folder = join(mkdtempSync(join(tmpdir(), 'podkeeper-keeper-')), 'activity')
  const recorded = createListeners()
  const listeners: Parameters<AppStore['onSettings']>[0][] = []
  const keeper = createSessionAuditLog({
    file: openAuditLog({ folder, mayWrite: () => ok(undefined), onRecord: recorded.notify }),
    onRecord: recorded.add,
    nowMs: () => 1_000,
    onSettings(listener) {
      listeners.push(listener)
      return () => {}
    },
  })
  const change = (after: Partial<Settings>): void => {
    for (const listener of listeners) listener({ ...defaultSettings, ...after }, defaultSettings)
  }
  const texts = (): string[] => keeper.page(null, allAuditEntries).entries.map(({ text }) => text)
  const watch = (view: Omit<AccountView, 'isMonitorOnly'>) => keeper.logForAccount(view)
  return { change, keeper, texts, watch }
}

test('connecting an account, changing its key and removing it are logged', () => {
  const { keeper, texts, watch } = rig()
  watch(account('aaaa'))
  watch(account('bbbb'))
  keeper.recordRemoval(record)
  expect(texts()).toEqual([
    'Forgot the key ending in bbbb of the account at api.runpod.io.',
    'Watching the account at api.runpod.io with another key: the key ending in bbbb.',
    'Watching the account at api.runpod.io with the key ending in aaaa.',
  ])
})

test('events of the demo are listed while it runs, and never reach the file', () => {
  const { keeper, texts, watch } = rig()
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
  keeper.endDemo()
  expect(texts()).toEqual(['Watching the account at api.runpod.io with the key ending in aaaa.'])
})

test('every entry of the file and the demo, and the end of the demo, signal a change', () => {
  const { keeper, watch, change } = rig()
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
  keeper.endDemo()
  expect(onChange).toHaveBeenCalledTimes(4)
})

test('a change that affects the guard is logged', () => {
  const { change, texts } = rig()
  change({ areAutoStopsPaused: true, theme: 'dark' })
  expect(texts()).toEqual(['Automatic stops are paused.'])
})

test('each account has a key of its own in the log, so a second account is no other key of the first', () => {
  const { texts, watch } = rig()
  watch(account('aaaa'))
  watch({ ...account('bbbb'), id: 'second' })
  watch(account('aaaa'))
  expect(texts()).toEqual([
    'Watching the account at api.runpod.io with the key ending in aaaa.',
    'Watching the account at api.runpod.io with the key ending in bbbb.',
    'Watching the account at api.runpod.io with the key ending in aaaa.',
  ])
})

test('a new name, a pause, its end and budgets are logged for their account, and a new color is not', () => {
  const { keeper, texts } = rig()
  keeper.recordChange(record, { ...record, color: 'pink' })
  expect(texts()).toEqual([])
  keeper.recordChange(record, { ...record, name: 'Lab', monthlyBudgetUsd: 600 })
  keeper.recordChange(record, { ...record, isPaused: true })
  keeper.recordChange({ ...record, isPaused: true, dailyBudgetUsd: 5 }, { ...record, isPaused: false })
  expect([...texts()].sort()).toEqual(
    [
      'Account Acme was renamed to Lab.',
      'The monthly budget of Lab is now $600.00.',
      'Account Acme is paused: its pods aren’t watched or stopped.',
      'Account Acme is being watched again.',
      'The daily budget of Acme is now none.',
    ].sort(),
  )
  const { entries } = keeper.page(null, { ...allAuditEntries, accountId: 'account' })
  expect(entries).toHaveLength(5)
  expect(keeper.page(null, { ...allAuditEntries, accountId: 'other' }).entries).toEqual([])
})

test('an account that was never paused and says so now is not logged as changed', () => {
  const { keeper, texts } = rig()
  keeper.recordChange(record, { ...record, isPaused: false })
  expect(texts()).toEqual([])
})
