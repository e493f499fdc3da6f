import './terminal-panels.css'
import { type ReactNode, useId } from 'react'
import { Icon, type IconName } from '../../ui/icon'

interface PanelProps {
  readonly tone: 'bad' | 'idle' | 'info' | 'mute'
  readonly icon: IconName
  readonly title: string
  readonly children: ReactNode
  readonly actions?: ReactNode
}

/** Covers a terminal that has nothing to show or waits for a decision. */
export function Panel({ tone, icon, title, children, actions }: PanelProps) {
  const id = useId()
  return (
    <section className={`term-panel ${tone}`} aria-labelledby={id}>
      <h2 id={id} tabIndex={-1}>
        <Icon name={icon} size={18} /> {title}
      </h2>
      <div className="term-panel-body">{children}</div>
      {actions !== undefined && <div className="actions">{actions}</div>}
    </section>
  )
}
