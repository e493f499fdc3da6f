import { expect, test } from 'vitest'
import { electronLine, electronSupport } from '../../../src/core/updates/electron-support'
import packageJson from '../../../package.json'

const NOW_MS = Date.parse('2026-12-04T08:00:00Z')
const support = (version: string, oldestSafe: string | null = null, nowMs = NOW_MS) =>
  electronSupport({ version, oldestSafe, nowMs })

test('the release line that is written down is that of the Electron that is shipped', () => {
  expect(Number.parseInt(packageJson.devDependencies.electron, 10)).toBe(electronLine.major)
})

test('an Electron of the shipped line is supported for 24 weeks from its first release', () => {
  expect(support('45.4.1')).toEqual({ kind: 'supported' })
  expect(support('45.4.1', null, Date.parse('2027-04-06T23:59:59Z'))).toEqual({ kind: 'supported' })
  expect(support('45.4.1', null, Date.parse('2027-04-07'))).toEqual({
    kind: 'ended',
    sinceMs: Date.parse('2027-04-07'),
  })
})

test('an Electron older than the oldest safe one of the signed feed is behind', () => {
  expect(support('45.4.1', '45.4.2')).toEqual({ kind: 'behind', safeVersion: '45.4.2' })
  expect(support('45.4.2', '45.4.2')).toEqual({ kind: 'supported' })
  expect(support('45.10.0', '45.4.2')).toEqual({ kind: 'supported' })
  expect(support('44.9.9', '45.0.0')).toEqual({ kind: 'behind', safeVersion: '45.0.0' })
})

test('an Electron two lines back is supported, an older one is for tests only, whatever the feed says', () => {
  expect(support('43.0.0')).toEqual({ kind: 'supported' })
  expect(support('42.9.9', '25.0.0')).toEqual({ kind: 'test-only' })
  expect(support('25.1.1')).toEqual({ kind: 'test-only' })
})
