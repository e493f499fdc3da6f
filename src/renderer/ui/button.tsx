import { type ReactNode, useId } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import { Icon, type IconName } from './icon'

interface ButtonProps {
  readonly children?: ReactNode
  readonly icon?: IconName
  /** Accessible name; required without text, and when the text doesn't name its object. */
  readonly label?: string
  /** The key that does the same, for its tooltip while it has no words: "T". */
  readonly shortcut?: string
  readonly kind?: 'plain' | 'primary' | 'bare' | 'palette-open'
  readonly autoFocus?: boolean
  /** Why it can't be pressed, as its description and its tooltip; null: it can. */
  readonly whyNot?: string | null
  readonly isDisabled?: boolean
  /** Its request is on its way: it does nothing, and keeps the focus, so that keys still reach its dialog. */
  readonly isPending?: boolean
  readonly onPress?: () => void
}

/** `bare` has no border, for icons. */
export function Button(props: ButtonProps) {
  const { children, icon, label, shortcut, kind = 'plain', autoFocus = false, onPress } = props
  const { whyNot = null, isDisabled = whyNot !== null, isPending = false } = props
  const isIconOnly = children === undefined
  const whyNotId = useId()
  return (
    <AriaButton
      className={`button ${kind}${isIconOnly ? ' icon-only' : ''}`}
      autoFocus={autoFocus}
      isDisabled={isDisabled}
      isPending={isPending}
      aria-label={label}
      data-shortcut={shortcut}
      data-why-not={whyNot ?? undefined}
      {...(whyNot !== null && { 'aria-describedby': whyNotId })}
      onPress={onPress}
    >
      {icon !== undefined && <Icon name={icon} size={isIconOnly ? 16 : 14} />}
      {children}
      {whyNot !== null && (
        <span id={whyNotId} hidden>
          {whyNot}
        </span>
      )}
    </AriaButton>
  )
}
