import './account-badge.css'
import type { AccountEntry } from '../../core/view/snapshot'

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
