import type { ReactNode } from 'react'
import { Icon, type IconName } from '../../ui/icon'

/** One line of a card about what comes next: an icon, a sentence and what can be done. */
export function CardLine({
  icon,
  children,
  action,
}: {
  readonly icon: IconName
  readonly children: ReactNode
  readonly action?: ReactNode
}) {
  return (
    <div className="guard">
      <Icon name={icon} size={14} />
      <p>{children}</p>
      {action}
    </div>
  )
}
