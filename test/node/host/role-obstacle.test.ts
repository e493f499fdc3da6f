import { expect, test } from 'vitest'
import { readOnlyText } from '../../../src/core/obstacles/obstacle-text'
import type { LockRole } from '../../../src/node/data-folder/lock/folder-lock'
import { roleObstacle } from '../../../src/node/host/role-obstacle'

const textOf = (role: LockRole, isActing = false): string | null => {
  const obstacle = roleObstacle(role, isActing)
  return obstacle && readOnlyText(obstacle)
}

test('a program that only reads says who acts, or why it can’t, and nothing once it acts', () => {
  expect(textOf({ kind: 'passive', holder: { program: 'cli', pid: 12 } })).toBe(
    'Read-only: a podkeeper command (process 12) sends alerts and acts. This one only shows them, and takes over when that one quits.',
  )
  expect(textOf({ kind: 'unsupported-format', problem: 'The format is 9. Update Podkeeper.' })).toBe(
    'Read-only: the format is 9. Update Podkeeper. Until then, no pod is stopped from here.',
  )
  const unlocked = { kind: 'unlocked', problem: 'No lock.' } as const
  expect(textOf(unlocked)).toContain('no lock.')
  expect(textOf(unlocked, true)).toBeNull()
  expect(textOf({ kind: 'claiming' })).toBeNull()
})
