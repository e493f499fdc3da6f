import { expect, onTestFinished, test } from 'vitest'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { defaultSettings } from '../../../src/core/settings/settings'
import { createAppUpdates } from '../../../src/main/updates/app-updates'
import { createFakeClock } from '../../harness/base/fake-clock'
import { startReleaseFeed } from '../../harness/updates/release-feed-server'

async function newApp() {
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
