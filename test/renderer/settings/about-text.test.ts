import { expect, test } from 'vitest'
import type { UpdateState } from '../../../src/core/updates/update-check'
import { electronText, updateStateText } from '../../../src/renderer/settings/about-text'
import type { UpdatesView } from '../../../src/shared/requests/update-requests'
import { release } from '../../harness/updates/releases'

const NOW_MS = Date.parse('2026-11-24T14:05:00Z')
const known: UpdateState = {
  unavailable: null,
  isDaily: true,
  isChecking: false,
  checkedAtMs: NOW_MS - 60_000,
  problem: null,
  newer: null,
  oldestSafeElectron: null,
}
const view: UpdatesView = {
  version: '0.1.0',
  way: 'page',
  state: known,
  download: { kind: 'none' },
  restart: { kind: 'none' },
  electron: { version: '45.4.1', support: { kind: 'supported' } },
}
const textOf = (state: Partial<UpdateState>) =>
  updateStateText({ ...view, state: { ...known, ...state } }, NOW_MS)

test('what is known of updates is said in a line, what matters most first', () => {
  expect(textOf({})).toMatch(/^Up to date, checked .+/)
  expect(textOf({ checkedAtMs: null })).toBe('Not checked yet')
  expect(textOf({ checkedAtMs: null, isDaily: false })).toBe('Updates aren’t checked')
  expect(textOf({ isChecking: true })).toBe('Checking for updates…')
  expect(textOf({ problem: 'The list of releases can’t be read.' })).toBe(
    'The list of releases can’t be read.',
  )
  expect(textOf({ newer: release('0.2.0'), problem: 'No answer.' })).toBe('Version 0.2.0 is available')
  expect(textOf({ unavailable: 'demo' })).toBe('Updates aren’t checked in the demo')
  expect(textOf({ unavailable: 'no-key', newer: release('0.2.0') })).toMatch(/^Updates are off/)
})

test('how far an update is, and what it waits for, is said in a line', () => {
  const newer = { ...known, newer: release('0.2.0') }
  const text = (given: Partial<UpdatesView>) =>
    updateStateText({ ...view, way: 'app', state: newer, ...given }, NOW_MS)
  expect(text({ way: 'apt' })).toBe('Podkeeper 0.2.0 is available from your system’s updates.')
  expect(text({})).toBe('Version 0.2.0 is available')
  expect(text({ download: { kind: 'running', doneBytes: 40e6, sizeBytes: 96e6 } })).toBe(
    'Downloading version 0.2.0: 40 MB of 96 MB',
  )
  expect(text({ download: { kind: 'failed', problem: 'The disk is full.' } })).toBe(
    'Version 0.2.0 is available. The disk is full.',
  )
  const ready = { download: { kind: 'verified' } } as const
  expect(text(ready)).toBe('Version 0.2.0 is ready. It is installed when you quit Podkeeper')
  const work = [
    { kind: 'action', name: 'llama' },
    { kind: 'transfer', name: 'mixtral' },
  ] as const
  expect(text({ ...ready, restart: { kind: 'waiting', for: work } })).toBe(
    'Version 0.2.0 will be installed as soon as nothing is under way. Waiting for what you asked of llama, files being copied (mixtral)',
  )
  expect(text({ ...ready, restart: { kind: 'restarting' } })).toBe('Restarting to install version 0.2.0…')
})

test('an Electron without security fixes is said, with what to do about it', () => {
  const text = (support: UpdatesView['electron']['support'], canUpdate = false) =>
    electronText({ version: '45.4.1', support }, canUpdate)
  expect(text({ kind: 'supported' })).toBeNull()
  expect(text({ kind: 'test-only' })).toBe(
    'Its Electron (45.4.1) gets no more security fixes, so Podkeeper connects only to this computer',
  )
  expect(text({ kind: 'ended', sinceMs: Date.parse('2027-04-07') })).toBe(
    'Its Electron (45.4.1) has gotten no security fixes since Apr 7, 2027. Get a newer version of Podkeeper when there is one',
  )
  expect(text({ kind: 'behind', safeVersion: '45.4.3' }, true)).toBe(
    'Its Electron (45.4.1) lacks security fixes of version 45.4.3. Update Podkeeper',
  )
})
