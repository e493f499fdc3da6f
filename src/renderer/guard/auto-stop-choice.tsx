import { Label, Radio, RadioGroup } from 'react-aria-components'
import { formatDuration } from '../../core/base/format'
import type { AutoStopMode } from '../../core/pod-rules/pod-rules'
import { MINUTE_MS } from '../../core/base/time'

export type ChosenAutoStopMode = Exclude<AutoStopMode, 'undecided'>

const modeOptions: readonly {
  readonly mode: ChosenAutoStopMode
  readonly label: string
  readonly help: string
}[] = [
  { mode: 'off', label: 'None', help: 'Podkeeper tells you, and stops nothing by itself.' },
  {
    mode: 'ticked',
    label: 'Pods that I tick',
    help: 'New pods come unticked, so that nobody else’s on a shared account is touched.',
  },
  { mode: 'all', label: 'All pods', help: 'New ones too, but for those that you untick.' },
]

interface AutoStopChoiceProps {
  /** Quiet time in minutes; null while unknown. */
  readonly afterMin: number | null
  /** Null when nothing was chosen yet. */
  readonly chosen: ChosenAutoStopMode | null
  readonly onChoose: (mode: ChosenAutoStopMode) => void
}

export function AutoStopChoice({ afterMin, chosen, onChoose }: AutoStopChoiceProps) {
  return (
    <RadioGroup
      className="mode-choice"
      value={chosen}
      onChange={(value) => {
        const option = modeOptions.find(({ mode }) => mode === value)
        if (option !== undefined) onChoose(option.mode)
      }}
    >
      <Label>
        {afterMin === null
          ? 'Stop automatically once quiet'
          : `Stop automatically once quiet for ${formatDuration(afterMin * MINUTE_MS)}`}
      </Label>
      {modeOptions.map(({ mode, label: name, help }) => (
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
