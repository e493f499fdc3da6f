import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon'

interface BlankSlateProps {
  readonly icon: IconName
  readonly tone?: 'bad' | 'mute'
  readonly title: string
  readonly children: ReactNode
  readonly actions?: ReactNode
}

/** Empty state: explains why there is nothing to list, and what to do about it. */
export function BlankSlate({ icon, tone = 'mute', title, children, actions }: BlankSlateProps) {
  return (
    <section className={`blank ${tone}`}>
      <Icon name={icon} size={28} />
      <h2>{title}</h2>
      <p>{children}</p>
      {actions !== undefined && <div className="actions">{actions}</div>}
    </section>
  )
}
