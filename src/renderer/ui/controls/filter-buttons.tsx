import { formatNumber } from '../../../core/base/text/format'
import { Choice } from './choice'
import { Segmented, type SegmentedProps } from './segmented'

interface FilterButtonsProps<T extends string> extends Omit<SegmentedProps<T>, 'options' | 'className'> {
  readonly options: readonly { readonly id: T; readonly label: string; readonly count: number }[]
}

/** Filters with how many each finds. Styles of a page show either the buttons or, where it is narrow, the choice. */
export function FilterButtons<T extends string>({ label, options, chosen, onChoose }: FilterButtonsProps<T>) {
  return (
    <>
      <Segmented className="filters" label={label} options={options} chosen={chosen} onChoose={onChoose} />
      <div className="narrow">
        <Choice
          label={label}
          options={options.map(({ id, label: name, count }) => ({ id, label: filterText(name, count) }))}
          chosen={chosen}
          onChoose={onChoose}
        />
      </div>
    </>
  )
}

const filterText = (name: string, count: number): string => `${name} ${formatNumber(count)}`
