import type { Notices } from '../../core/view/notices'
import { holderText, type LockRole } from '../../node/data-folder/lock/folder-lock'
import { accountText } from './account-text'

const ROLE_NOTICE = 'one-writer'

/**
 * Says why the app only shows: while a command line watches, it sends no alerts and rejects actions. See
 * docs/decisions/0010-data-folder-lock.md.
 */
export function showRole(notices: Notices, role: LockRole, isActing: boolean, atMs: number): void {
  if (isActing) notices.dismiss(ROLE_NOTICE)
  else notices.add({ id: ROLE_NOTICE, accountId: null, podId: null, text: watchingText(role), atMs })
}

function watchingText(role: LockRole): string {
  if (role.kind === 'unsupported-format') return role.problem
  if (role.kind === 'unlocked') return accountText.lockUnusable(role.problem)
  const holder = role.kind === 'passive' ? role.holder : null
  return accountText.otherActs(capitalized(holderText(holder)))
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
