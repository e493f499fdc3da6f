import './account-badge.css'
import type { AccountEntry } from '../../../core/view/snapshot'
import { Icon } from '../icon'

/** The account's color with the first letter of its name, for the eye only. */
export function AccountBadge({
  entry: { name, color },
}: {
  readonly entry: Pick<AccountEntry, 'name' | 'color'>
}) {
  const [letter = ''] = name.toUpperCase()
  return (
    <span className={`account-badge ${color}`} aria-hidden="true">
      {letter}
    </span>
  )
}

/** Stands for all accounts together, for the eye only. */
export function AllAccountsBadge() {
  return (
    <span className="account-badge all" aria-hidden="true">
      <Icon name="pods" size={13} />
    </span>
  )
}
