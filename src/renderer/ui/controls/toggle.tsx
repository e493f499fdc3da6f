import { type ReactNode, useId } from 'react'
import { Switch } from 'react-aria-components'

interface ToggleProps {
  readonly label: string
  readonly help: ReactNode
  readonly isOn: boolean
  readonly isDisabled?: boolean
  readonly onChange: (isOn: boolean) => void
}

/** A switch that applies at once. */
export function Toggle({ label, help, isOn, isDisabled = false, onChange }: ToggleProps) {
  const helpId = useId()
  return (
    <div className="setting">
      <span className="label-like" aria-hidden="true">
        {label}
      </span>
      <span id={helpId} slot="description">
        {help}
      </span>
      <Switch
        className="switch"
        isSelected={isOn}
        isDisabled={isDisabled}
        onChange={onChange}
        aria-label={label}
        aria-describedby={helpId}
      >
        <span className="knob" />
      </Switch>
    </div>
  )
}
