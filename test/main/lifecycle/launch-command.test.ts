import { expect, test } from 'vitest'
import { findLaunchCommand } from '../../../src/main/lifecycle/launches'

test('the menu of the icon pauses alerts and quits', () => {
  expect(findLaunchCommand(['/usr/lib/podkeeper/podkeeper', '--pause-alerts'])).toBe('pause-alerts')
  expect(findLaunchCommand(['podkeeper', '--user-data-dir=/tmp/x', '--quit'])).toBe('quit')
})

test.each([
  [[]],
  [['podkeeper', '--hidden']],
  [['podkeeper', 'quit', '-quit', '--quit=1', '--quit-later']],
  [['podkeeper', '--', '--quit', '--pause-alerts']],
  [['podkeeper', '--', 'podkeeper://pod/account/a', '--quit']],
])('nothing else does, and no text that a link brings: %j', (args) => {
  expect(findLaunchCommand(args)).toBeNull()
})
