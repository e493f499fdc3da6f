import type { ReactNode } from 'react'
import { Button } from './button'
import { commonText } from './common-text'

interface MessageProps {
  readonly tone: 'bad' | 'idle' | 'ok' | 'info' | 'mute'
  readonly children: ReactNode
  readonly actions?: ReactNode
  readonly onDismiss?: () => void
  /** Puts long actions below the text. */
  readonly isStacked?: boolean
}

/** A message above the pods. The tone must not carry information that the text lacks. */
export function Message({ tone, children, actions, onDismiss, isStacked = false }: MessageProps) {
  return (
    <li className={`message ${tone}${isStacked ? ' stacked' : ''}`}>
      <div className="words">{children}</div>
      {actions}
      {onDismiss !== undefined && (
        <Button kind="bare" icon="close" label={commonText.dismiss} onPress={onDismiss} />
      )}
    </li>
  )
}
