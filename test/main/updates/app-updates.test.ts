import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { ok, type Result } from '../../../src/core/base/result'
import { defaultSettings } from '../../../src/core/settings/settings'
import { emptySnapshot } from '../../../src/core/view/snapshot'
import { createAppUpdates } from '../../../src/main/updates/app-updates'
import type { UpdatesView } from '../../../src/shared/requests/update-requests'
import { createFakeClock } from '../../harness/base/fake-clock'
import { writeFormatFile } from '../../harness/data-folder/migrated-folder'
import { type ServedUpdate, startReleaseFeed } from '../../harness/updates/release-feed-server'
import { SIGNED_AT } from '../../harness/updates/releases'

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'updates-'))
  writeFormatFile(folder)
  return folder
}

async function newApp(userData = newFolder(), served?: ServedUpdate) {
  const feed = await startReleaseFeed('0.2.0', served)
  onTestFinished(feed.close)
  const clock = createFakeClock()
  const world = {
    folder: userData,
    stamp: '1',
    texts: new Map<string, string>(),
    opened: [] as string[],
    installs: [] as unknown[],
    quits: 0,
    transfers: [] as readonly string[],
    staged: ok(undefined) as Result<void, string>,
    settings: defaultSettings,
  }
  const updates = createAppUpdates({
    host: {
      version: '0.1.0',
      env: {},
      openExternal: async (address) => void world.opened.push(address),
      updates: {
        releaseFeed: feed.source,
        packageFacts: {
          platform: 'darwin',
          arch: 'arm64',
          isPackaged: served !== undefined,
          packageType: null,
          hasSystemSource: false,
        },
        createInstaller: () => ({
          stage: async () => world.staged,
          isCalledAtQuit: false,
          install: (path, restarts) => world.installs.push({ path, restarts }) > 0,
        }),
        quit: () => (world.quits += 1),
        programStamp: () => world.stamp,
        electronVersion: '45.4.1',
        readText: () => Promise.reject(new Error('It is missing.')),
      },
    },
    clock,
    userData,
    report: (text) => expect.unreachable(text),
    store: { settings: () => world.settings, onSettings: () => () => {} },
    limits: { hosts: 'loopback-only' },
    session: { monitor: () => null, snapshot: () => emptySnapshot(0, []) },
    transfers: { openPodNames: () => world.transfers },
    notices: {
      add: ({ id, text }) => void world.texts.set(id, text),
      dismiss: (id) => void world.texts.delete(id),
    },
    windows: { send: () => {} },
  })
  updates.start()
  onTestFinished(updates.dispose)
  const view = (): UpdatesView => {
    const result = updates.handlers.updates() as Result<UpdatesView, string>
    if (!result.ok) throw new Error(result.error)
    return result.value
  }
  return { clock, world, updates, view }
}

test('a release that the signed feed names is announced once, and its page is opened on request', async () => {
  const { world, updates } = await newApp()
  expect(await updates.handlers.openRelease()).toMatchObject({ ok: false })
  await updates.handlers.checkForUpdates()
  expect([...world.texts]).toEqual([['update', 'Version 0.2.0 of Podkeeper is available.']])
  await updates.handlers.openRelease()
  expect(world.opened).toEqual(['https://releases.example/0.2.0'])
  world.texts.clear()
  await updates.handlers.checkForUpdates()
  expect([...world.texts]).toEqual([])
})

test('the newest feed is remembered in the data folder, and a file that is damaged starts anew', async () => {
  const folder = newFolder()
  const path = join(folder, 'updates.json')
  const first = await newApp(folder)
  await first.updates.handlers.checkForUpdates()
  const stored = readFileSync(path, 'utf8')
  expect(JSON.parse(stored)).toEqual({
    version: 1,
    lastVersion: '0.1.0',
    newestSeen: { signedAtMs: Date.parse(SIGNED_AT), version: '0.2.0' },
  })
  writeFileSync(path, stored.replace('0.2.0', '0.3.0'))
  const later = await newApp(folder)
  await later.updates.handlers.checkForUpdates()
  expect(later.updates.handlers.updates()).toMatchObject({
    value: { state: { newer: null, problem: expect.stringContaining('is older than') } },
  })
  writeFileSync(path, '{"version":1,"newestSeen":"?"}')
  const damaged = await newApp(folder)
  await damaged.updates.handlers.checkForUpdates()
  expect(damaged.updates.handlers.updates()).toMatchObject({ value: { state: { problem: null } } })
  expect(readFileSync(path, 'utf8')).toBe(stored)
})

test('the first start of a newer version says so once, and its notes are read from the changelog', async () => {
  const folder = newFolder()
  const path = join(folder, 'updates.json')
  expect([...(await newApp(folder)).world.texts]).toEqual([])
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ lastVersion: '0.1.0' })
  for (const [earlier, texts] of [
    ['0.0.9', ['Podkeeper was updated to version 0.1.0.']],
    ['0.1.0', []],
    ['0.2.0', []],
  ] as const) {
    writeFileSync(path, JSON.stringify({ version: 1, newestSeen: null, lastVersion: earlier }))
    const { world } = await newApp(folder)
    expect([...world.texts.values()]).toEqual(texts)
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ lastVersion: '0.1.0' })
  }
  const { updates } = await newApp()
  expect(await updates.handlers.releaseNotes()).toEqual({ ok: false, error: 'It is missing.' })
})

test('an app whose files were replaced says that it has to be opened again', async () => {
  const { clock, world } = await newApp()
  clock.advance(MINUTE_MS)
  expect(world.texts.has('replaced')).toBe(false)
  world.stamp = '2'
  clock.advance(MINUTE_MS)
  expect(world.texts.get('replaced')).toBe(
    'Podkeeper was updated. Quit and open it again to use the new version.',
  )
})

test('a file of licenses that is missing is an error with its reason', async () => {
  const { updates } = await newApp()
  expect(await updates.handlers.licenses()).toEqual({ ok: false, error: 'It is missing.' })
})

test('an app that updates itself downloads, says that it is ready, and restarts once nothing is under way', async () => {
  const { clock, world, updates, view } = await newApp(newFolder(), 'whole')
  await updates.handlers.checkForUpdates()
  await vi.waitFor(() => expect(view().download).toEqual({ kind: 'verified' }))
  expect([...world.texts]).toEqual([
    ['update-ready', 'Version 0.2.0 of Podkeeper is ready. It is installed when you quit.'],
  ])
  expect(updates.pendingInstall()).toBeNull()
  world.transfers = ['llama']
  await updates.handlers.restartForUpdate()
  clock.advance(MINUTE_MS)
  expect([world.quits, view().restart.kind]).toEqual([0, 'waiting'])
  world.transfers = []
  clock.advance(1_000)
  expect(world.quits).toBe(1)
  const install = updates.pendingInstall()
  updates.dispose()
  expect(await install?.()).toBe(true)
  expect(world.installs).toEqual([
    { path: expect.stringMatching(/updates\/[0-9a-f]{64}\.zip$/), restarts: true },
  ])
})

test('nothing is installed of a file that was changed since it was verified, or once the feed has expired', async () => {
  const { clock, world, updates, view } = await newApp(newFolder(), 'whole')
  await updates.handlers.checkForUpdates()
  await vi.waitFor(() => expect(view().download.kind).toBe('verified'))
  await updates.handlers.restartForUpdate()
  const install = updates.pendingInstall()
  const path = join(world.folder, 'updates', readdirSync(join(world.folder, 'updates'))[0]!)
  writeFileSync(path, readFileSync(path, 'utf8').replace('archive', 'Archive'))
  expect(await install?.()).toBe(false)
  expect(world.installs).toEqual([])
  updates.onStay()
  clock.shiftWallClock(Date.parse('2100-01-01T00:00:00Z') - clock.now().wallMs)
  expect(updates.pendingInstall()).toBeNull()
  expect(updates.handlers.restartForUpdate()).toMatchObject({ ok: false })
  expect(world.quits).toBe(1)
})

test('a download that isn’t the file, or that the system’s updater refuses, leaves the page', async () => {
  const tampered = await newApp(newFolder(), 'tampered')
  await tampered.updates.handlers.checkForUpdates()
  await vi.waitFor(() => expect(tampered.view().download.kind).toBe('failed'))
  expect([...tampered.world.texts.keys()]).toEqual(['update'])
  expect(tampered.updates.handlers.restartForUpdate()).toMatchObject({ ok: false })
  const refused = await newApp(newFolder(), 'whole')
  refused.world.staged = { ok: false, error: 'It isn’t signed.' }
  await refused.updates.handlers.checkForUpdates()
  await vi.waitFor(() =>
    expect(refused.view().download).toEqual({ kind: 'failed', problem: 'It isn’t signed.' }),
  )
})

test('where updates are looked for on request only, so are they downloaded', async () => {
  const { world, updates, view } = await newApp(newFolder(), 'whole')
  world.settings = { ...defaultSettings, areUpdatesChecked: false }
  await updates.handlers.checkForUpdates()
  expect(view()).toMatchObject({ way: 'app', download: { kind: 'none' } })
  await updates.handlers.downloadUpdate()
  await vi.waitFor(() => expect(view().download.kind).toBe('verified'))
})
