import { EventEmitter } from 'node:events'
import type { App } from 'electron'
import { expect, test } from 'vitest'
import { followLaunches } from '../../../src/main/lifecycle/launches'

test('further starts, links and clicks on the Dock wait until the app is there, and then come at once', () => {
  const app = new EventEmitter()
  const launches = followLaunches(app as unknown as Pick<App, 'on'>)
  let prevented = 0
  const event = { preventDefault: () => (prevented += 1) }
  app.emit('second-instance', event, ['podkeeper', '--hidden'])
  app.emit('open-url', event, 'podkeeper://pod/account/a')
  app.emit('activate', event)
  const seen: (readonly string[])[] = []
  launches.follow((args) => seen.push(args))
  expect(seen).toEqual([['podkeeper', '--hidden'], ['podkeeper://pod/account/a'], []])
  // Electron would open the link itself.
  expect(prevented).toBe(1)
  app.emit('second-instance', event, ['again'])
  expect(seen[3]).toEqual(['again'])
})
