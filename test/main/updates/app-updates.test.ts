import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { defaultSettings } from '../../../src/core/settings/settings'
import { createAppUpdates } from '../../../src/main/updates/app-updates'
import { createFakeClock } from '../../harness/base/fake-clock'
import { writeFormatFile } from '../../harness/data-folder/migrated-folder'
import { startReleaseFeed } from '../../harness/updates/release-feed-server'
import { SIGNED_AT } from '../../harness/updates/releases'

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'updates-'))
  writeFormatFile(folder)
  return folder
}

async function newApp(userData = newFolder()) {
  const feed = await startReleaseFeed('0.2.0')
  onTestFinished(feed.close)
  const clock = createFakeClock()
  const world = { stamp: '1', texts: new Map<string, string>(), opened: [] as string[] }
  const updates = createAppUpdates({
    host: {
      version: '0.1.0',
      env: {},
      releaseFeed: feed.source,
      openExternal: async (address) => void world.opened.push(address),
      programStamp: () => world.stamp,
      readLicenses: () => Promise.reject(new Error('It is missing.')),
    },
    clock,
    userData,
    report: (text) => expect.unreachable(text),
    store: { settings: () => defaultSettings, onSettings: () => () => {} },
    limits: { hosts: 'loopback-only' },
    session: { monitor: () => null },
    notices: {
      add: ({ id, text }) => void world.texts.set(id, text),
      dismiss: (id) => void world.texts.delete(id),
    },
    windows: { send: () => {} },
  })
  updates.start()
  onTestFinished(updates.dispose)
  return { clock, world, updates }
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
