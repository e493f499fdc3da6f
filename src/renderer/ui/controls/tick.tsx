import './tick.css'
import type { ReactNode } from 'react'
import { Checkbox, type CheckboxProps } from 'react-aria-components'
import { Icon } from '../icon'

interface TickProps extends Omit<CheckboxProps, 'className' | 'children'> {
  readonly name: string
  /** Below the name. */
  readonly children: ReactNode
}

/** A checkbox with a name, which may be long, and a line below it. */
export function Tick({ name, children, ...props }: TickProps) {
  return (
    <Checkbox className="tick" {...props}>
      <span className="box">
        <Icon name="check" size={12} />
      </span>
      <bdi title={name}>{name}</bdi>
      <span className="cap">{children}</span>
    </Checkbox>
  )
}
