import { Label, Radio, RadioGroup } from 'react-aria-components'
import type { AutoStopMode } from '../../core/guard'

export type ChosenMode = Exclude<AutoStopMode, 'undecided'>

const modes: readonly { readonly mode: ChosenMode; readonly label: string; readonly help: string }[] = [
  { mode: 'off', label: 'None', help: 'Podkeeper tells you, and stops nothing by itself.' },
  {
    mode: 'ticked',
    label: 'Pods that I tick',
    help: 'New pods come unticked, so that nobody else’s on a shared account is touched.',
  },
  { mode: 'all', label: 'All pods', help: 'New ones too, but for those that you untick.' },
]

interface AutoStopChoiceProps {
  readonly label: string
  /** Null: nothing was chosen yet. */
  readonly chosen: ChosenMode | null
  readonly onChoose: (mode: ChosenMode) => void
}

/** Which pods of the account may be stopped automatically. */
export function AutoStopChoice({ label, chosen, onChoose }: AutoStopChoiceProps) {
  return (
    <RadioGroup
      className="mode-choice"
      value={chosen}
      onChange={(value) => {
        const one = modes.find(({ mode }) => mode === value)
        if (one !== undefined) onChoose(one.mode)
      }}
    >
      <Label>{label}</Label>
      {modes.map(({ mode, label: name, help }) => (
        <Radio key={mode} className="mode" value={mode}>
          <span className="ring" />
          <span>
            {name}
            <span className="cap">{help}</span>
          </span>
        </Radio>
      ))}
    </RadioGroup>
  )
}
