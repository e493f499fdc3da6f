import { expect, test } from 'vitest'
import { updateStateText } from '../../../src/renderer/settings/about-text'
import type { UpdateState } from '../../../src/core/updates/update-check'
import { release } from '../../harness/updates/releases'

const NOW_MS = Date.parse('2026-11-24T14:05:00Z')
const known: UpdateState = {
  unavailable: null,
  isDaily: true,
  isChecking: false,
  checkedAtMs: NOW_MS - 60_000,
  problem: null,
  newer: null,
}
const textOf = (state: Partial<UpdateState>) => updateStateText({ ...known, ...state }, NOW_MS)

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
