import { Radio, RadioGroup } from 'react-aria-components'

interface SegmentsProps<T extends string> {
  /** Its accessible name, which stands beside it. */
  readonly label: string
  /** Element ids of what explains it. */
  readonly describedBy?: string
  readonly options: readonly { readonly id: T; readonly label: string }[]
  /** Null: nothing was chosen yet. */
  readonly chosen: T | null
  readonly onChoose: (id: T) => void
}

/** Selects one of a few options, all of which are shown. */
export function Segments<T extends string>({
  label,
  describedBy,
  options,
  chosen,
  onChoose,
}: SegmentsProps<T>) {
  return (
    <RadioGroup
      className="segments"
      orientation="horizontal"
      value={chosen}
      onChange={(value) => {
        const option = options.find(({ id }) => id === value)
        if (option !== undefined) onChoose(option.id)
      }}
      aria-label={label}
      aria-describedby={describedBy}
    >
      {options.map((option) => (
        <Radio key={option.id} className="segment" value={option.id}>
          {option.label}
        </Radio>
      ))}
    </RadioGroup>
  )
}
