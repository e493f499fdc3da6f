import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fail, ok } from '../../../src/core/base/result'
import { applySettings, type Desktop } from '../../../src/main/settings/apply-settings'
import { createChangeSetting, createSettingsHandlers } from '../../../src/main/settings/settings-handlers'
import { changeApiAddress } from '../../../src/main/app-settings'
import { openAppStore } from '../../../src/main/settings/app-store'
import { migratedFolder } from '../../harness/data-folder/migrated-folder'
import { type Ask, askWhether } from '../../../src/core/confirmation/question-queue'
import { allowClipboardQuestion } from '../../../src/core/confirmation/terminal-questions'
import type { SettingsView } from '../../../src/shared/requests/settings-requests'

const quiet = { warn: () => {} }

/** A desktop on which other programs use the shortcuts in `taken`. */
function bench(settings: Record<string, unknown> = {}) {
  const folder = migratedFolder('podkeeper-settings-')
  const path = join(folder, 'config.json')
  writeFileSync(path, JSON.stringify({ settings }))
  const store = openAppStore(folder, () => 1, quiet)
  const done: unknown[] = []
  const views: SettingsView[] = []
  const desktop: Desktop = {
    setTheme: (theme) => done.push(theme),
    setLaunchedAtLogin(isLaunched, isAskedFor) {
      done.push({ isLaunched, isAskedFor })
      return ok(undefined)
    },
    setGlobalShortcut(keys) {
      done.push({ keys })
      return keys === 'Ctrl+Q' ? fail('Another program has these keys.') : ok(undefined)
    },
  }
  const file = join(folder, 'exported.json')
  const dialogs = {
    chosen: file as string | null,
    chooseSavePath: () => Promise.resolve(dialogs.chosen),
    chooseOpenPath: () => Promise.resolve(dialogs.chosen),
  }
  const follower = applySettings(
    store,
    desktop,
    () => ({ keyHost: 'api.runpod.io', labKeyHost: 'www.hubify.com' }),
    (view) => views.push(view),
  )
  const window = { typed: null as string | null, unasked: '', problems: [] as (string | null)[] }
  const ask: Ask = (question) => {
    if (window.unasked !== '') return Promise.resolve(fail(window.unasked))
    const problem = window.typed === null ? null : (question.problem?.(window.typed) ?? null)
    window.problems.push(problem)
    return Promise.resolve(ok(problem === null ? window.typed : null))
  }
  const written = () => (JSON.parse(readFileSync(path, 'utf8')) as { settings: unknown }).settings
  return {
    ...createSettingsHandlers({
      store,
      applier: follower,
      changeSetting: createChangeSetting(store, follower),
      dialogs,
      mayAllowClipboard: () => askWhether(ask, allowClipboardQuestion),
      changeApiAddress: () => changeApiAddress({ store, ask, hosts: 'any', isEnvironmentSet: false }),
    }),
    window,
    path,
    file,
    dialogs,
    written,
    done,
    views,
    store,
  }
}

test('at startup only enabled settings are applied to the system', () => {
  expect(bench().done).toEqual(['system'])
  expect(bench({ theme: 'dark', isLaunchedAtLogin: true, globalShortcut: 'Ctrl+Alt+P' }).done).toEqual([
    'dark',
    { isLaunched: true, isAskedFor: false },
    { keys: 'Ctrl+Alt+P' },
  ])
})

test('a change takes effect immediately, is written, and is sent to every window', () => {
  const b = bench()
  expect(b.changeSetting('theme', 'light')).toEqual({ ok: true, value: undefined })
  expect(b.changeSetting('isLaunchedAtLogin', true)).toEqual({ ok: true, value: undefined })
  expect(b.done).toEqual(['system', 'light', { isLaunched: true, isAskedFor: true }])
  expect(b.written()).toEqual({ theme: 'light', isLaunchedAtLogin: true })
  expect(b.views.map(({ settings }) => settings.theme)).toEqual(['light', 'light'])
  void b.resetSetting('theme')
  expect(b.done.at(-1)).toBe('system')
  expect(b.written()).toEqual({ isLaunchedAtLogin: true })
})

test('a manual edit of the file is applied to the system as well', () => {
  const b = bench()
  writeFileSync(b.path, JSON.stringify({ settings: { theme: 'dark' } }))
  b.store.settings()
  expect(b.done.at(-1)).toBe('dark')
  expect(b.views).toHaveLength(1)
})

test('an invalid value is rejected with the reason', () => {
  const b = bench()
  expect(b.changeSetting('undoS', 0)).toEqual({
    ok: false,
    error: 'This must be between 1 second and 1 minute.',
  })
  expect(b.changeSetting('hue', 0)).toEqual({
    ok: false,
    error: 'There is no such setting.',
  })
  expect(b.written()).toEqual({})
})

test('a shortcut that another program uses is rejected, and the old one stays', () => {
  const b = bench({ globalShortcut: 'Ctrl+Alt+P' })
  expect(b.changeSetting('globalShortcut', 'Ctrl+Q')).toEqual({
    ok: false,
    error: 'Another program has these keys.',
  })
  expect(b.written()).toEqual({ globalShortcut: 'Ctrl+Alt+P' })
  expect(b.done.at(-1)).toEqual({ keys: 'Ctrl+Alt+P' })
  expect(b.settings()).toMatchObject({ value: { refusedBySystem: {} } })
})

test('a shortcut that another program took between two runs is reported on the page', () => {
  expect(bench({ globalShortcut: 'Ctrl+Q' }).settings()).toMatchObject({
    value: { refusedBySystem: { globalShortcut: 'Another program has these keys.' } },
  })
})

test('an export is imported elsewhere, shown before it changes anything, and contains no key', async () => {
  const from = bench({ undoS: 8, theme: 'dark' })
  const key = { baseUrl: 'https://x.test/', keyEnding: 'cess', encryptedKey: 'c2VjcmV0' }
  from.store.saveAccount({ id: 'a', name: 'Acme', color: 'blue', ...key }, null)
  expect(await from.exportSettings()).toEqual({ ok: true, value: from.file })
  expect(readFileSync(from.file, 'utf8')).not.toMatch(/c2VjcmV0|cess|x\.test|Acme/)

  const to = bench({ undoS: 9 })
  to.dialogs.chosen = from.file
  const preview = await to.chooseImport()
  expect(preview).toMatchObject({
    value: {
      changes: [
        { name: 'theme', from: 'system', to: 'dark' },
        { name: 'undoS', label: 'Undo time', from: 9, to: 8 },
      ],
    },
  })
  expect(to.written()).toEqual({ undoS: 9 })
  const { importId } = (preview as { value: { importId: string } }).value
  expect(await to.applyImport('another')).toMatchObject({ ok: false })
  expect(await to.applyImport(importId)).toEqual({ ok: true, value: undefined })
  expect(to.written()).toEqual({ undoS: 8, theme: 'dark' })
  expect(to.done.at(-1)).toBe('dark')
  // A preview can be applied only once.
  expect(await to.applyImport(importId)).toMatchObject({ ok: false })
})

test.each([
  ['', 'isn’t an exported'],
  ['[]', 'isn’t an exported'],
  ['{"settings":{"undoS":8}}', 'isn’t an exported'],
  ['{"podkeeperSettings":2,"settings":{}}', 'newer'],
  ['{"podkeeperSettings":1,"settings":{"undoS":8,"pollIdleS":0}}', 'pollIdleS: This must be between'],
  ['{"podkeeperSettings":1,"settings":{"undoS":8,"apiKey":"rpa_x"}}', 'apiKey: There is no such setting'],
  [`{"podkeeperSettings":1,"settings":{"undoS":8}}${' '.repeat(200_000)}`, 'too large'],
])('an invalid file to import is rejected as a whole: %#', async (text, reason) => {
  const b = bench()
  writeFileSync(b.file, text)
  const preview = await b.chooseImport()
  expect(preview).toMatchObject({ ok: false, error: expect.stringContaining(reason) })
  expect(b.written()).toEqual({})
})

test('a canceled dialog does nothing, and a file that cannot be read or written is reported', async () => {
  const b = bench()
  b.dialogs.chosen = null
  expect(await b.exportSettings()).toEqual({ ok: true, value: null })
  expect(await b.chooseImport()).toEqual({ ok: true, value: null })
  b.dialogs.chosen = join(b.path, 'below-a-file.json')
  expect(await b.exportSettings()).toMatchObject({ ok: false })
  expect(await b.chooseImport()).toMatchObject({
    ok: false,
    error: expect.stringContaining('could not be read'),
  })
})

describe('a window can’t give programs on pods the clipboard that they were denied', () => {
  async function withImport(b: ReturnType<typeof bench>): Promise<unknown> {
    const text = { podkeeperSettings: 1, settings: { mayTerminalsSetClipboard: 'ask', undoS: 8 } }
    writeFileSync(b.file, JSON.stringify(text))
    const preview = (await b.chooseImport()) as { value: { importId: string } }
    return b.applyImport(preview.value.importId)
  }
  const ways = {
    'by a change': (b: ReturnType<typeof bench>) => b.changeSetting('mayTerminalsSetClipboard', 'ask'),
    'by a reset': (b: ReturnType<typeof bench>) => b.resetSetting('mayTerminalsSetClipboard'),
    'by an import': withImport,
  }

  test.each(Object.entries(ways))(
    '%s, unless a person agrees in the app’s own window',
    async (_way, give) => {
      const b = bench({ mayTerminalsSetClipboard: 'never' })
      expect(await give(b)).toEqual({ ok: false, error: expect.stringContaining('Nothing was changed.') })
      b.window.unasked = 'No window.'
      expect(await give(b)).toEqual({ ok: false, error: 'No window.' })
      expect(b.written()).toEqual({ mayTerminalsSetClipboard: 'never' })
      Object.assign(b.window, { unasked: '', typed: '' })
      expect(await give(b)).toEqual({ ok: true, value: undefined })
      expect(b.store.settings().mayTerminalsSetClipboard).toBe('ask')
    },
  )

  test('and anybody may deny it', () => {
    const b = bench()
    expect(b.changeSetting('mayTerminalsSetClipboard', 'never')).toEqual({ ok: true, value: undefined })
    expect(b.changeSetting('mayTerminalsSetClipboard', 'never')).toEqual({ ok: true, value: undefined })
    expect(b.window.problems).toEqual([])
  })
})

const EVIL = 'https://keys.evil.example/v2'

test('where keys are sent and which private key is used is changed by no request of a window', async () => {
  const b = bench({ runpodBaseUrl: 'https://api.example.com', sshKeyFile: '~/.ssh/mine' })
  const refused = { ok: false, error: expect.stringContaining('Nothing was changed.') }
  expect(b.changeSetting('runpodBaseUrl', EVIL)).toEqual(refused)
  expect(b.changeSetting('runpodBaseUrl', null)).toEqual(refused)
  expect(b.resetSetting('runpodBaseUrl')).toEqual(refused)
  expect(b.changeSetting('sshKeyFile', '/tmp/known-to-everybody')).toEqual(refused)
  expect(b.written()).toEqual({ runpodBaseUrl: 'https://api.example.com', sshKeyFile: '~/.ssh/mine' })
  // No file is no choice of a key.
  expect(b.resetSetting('sshKeyFile')).toEqual({ ok: true, value: undefined })
})

test('an import changes neither, says so, and an export contains neither', async () => {
  const from = bench({ undoS: 8, runpodBaseUrl: EVIL, sshKeyFile: '/tmp/known-to-everybody' })
  await from.exportSettings()
  expect(readFileSync(from.file, 'utf8')).not.toMatch(/evil|known-to/)

  const b = bench()
  const settings = { undoS: 8, runpodBaseUrl: EVIL, sshKeyFile: '/tmp/known-to-everybody' }
  writeFileSync(b.file, JSON.stringify({ podkeeperSettings: 1, settings }))
  const preview = await b.chooseImport()
  expect(preview).toMatchObject({
    value: { changes: [{ name: 'undoS' }], left: ['Runpod API address', 'SSH private key'] },
  })
  void b.applyImport((preview as { value: { importId: string } }).value.importId)
  expect(b.written()).toEqual({ undoS: 8 })
})

test('the address of the API is typed in the confirmation window, and only a usable one is taken', async () => {
  const b = bench()
  for (const typed of ['keys.example', 'http://keys.example', 'https://me:pw@keys.example', 'https://']) {
    b.window.typed = typed
    expect(await b.changeApiAddress()).toEqual({ ok: true, value: false })
    expect(b.window.problems.at(-1)).toMatch(/^The address .*\.$/)
  }
  b.window.typed = 'https://rest.runpod.io/v1'
  expect(await b.changeApiAddress()).toEqual({ ok: true, value: false })
  expect(b.window.problems.at(-1)).toContain('Use https://api.runpod.io/v2 instead.')
  expect(b.written()).toEqual({})
  b.window.typed = ' https://keys.example/v2 '
  expect(await b.changeApiAddress()).toEqual({ ok: true, value: true })
  expect(b.written()).toEqual({ runpodBaseUrl: 'https://keys.example/v2' })
  b.window.typed = null
  expect(await b.changeApiAddress()).toEqual({ ok: true, value: false })
  b.window.typed = ''
  expect(await b.changeApiAddress()).toEqual({ ok: true, value: true })
  expect(b.written()).toEqual({})
  b.window.unasked = '10 questions are open.'
  expect(await b.changeApiAddress()).toEqual(fail('10 questions are open.'))
})
