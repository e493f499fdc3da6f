import { expect, test } from 'vitest'
import { createNotices } from '../../../src/core/view/notices'
import { showRole } from '../../../src/main/account/role-notice'
import type { LockRole } from '../../../src/node/data-folder/lock/folder-lock'

const textsOf = (...roles: readonly (readonly [LockRole, isActing: boolean])[]): readonly string[] => {
  const notices = createNotices()
  for (const [role, isActing] of roles) showRole(notices, role, isActing, 1)
  return notices.all().map(({ text }) => text)
}

test('an app that only shows says who acts, or why it cannot, and nothing once it acts', () => {
  const beside = { kind: 'passive', holder: { program: 'cli', pid: 12 } } as unknown as LockRole
  expect(textsOf([beside, false])).toEqual([expect.stringMatching(/^A podkeeper command .*only shows/)])
  expect(textsOf([{ kind: 'unsupported-format', problem: 'Update Podkeeper.' }, false])).toEqual([
    'Update Podkeeper.',
  ])
  expect(textsOf([{ kind: 'unlocked', problem: 'No lock.' }, false])).toEqual([
    expect.stringContaining('No lock.'),
  ])
  expect(textsOf([{ kind: 'unlocked', problem: 'No lock.' }, true])).toEqual([])
  expect(textsOf([beside, false], [{ kind: 'active' }, true])).toEqual([])
})
