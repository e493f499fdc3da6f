import { Button as AriaButton, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import type { CostsView } from '../../core/money/costs/costs-view'
import { countingRules, type HeadlineFigure, headlineFigures, spendNotes } from './headline-text'

/** Saved, spent, forecast, and spent while idle. */
export function CostsHeadline({ costs }: { readonly costs: CostsView }) {
  const notes = spendNotes(costs)
  return (
    <>
      <dl className="costs-headline">
        {headlineFigures(costs).map((figure) => (
          <Figure key={figure.key} figure={figure} />
        ))}
      </dl>
      {notes.length > 0 && <p className="cap costs-notes">{notes.join(' ')}</p>}
    </>
  )
}

function Figure({
  figure: { key, label, value, tone, note, isNoteBad },
}: {
  readonly figure: HeadlineFigure
}) {
  return (
    <div className={key}>
      <dt>{label}</dt>
      <dd className={`value${tone === undefined ? '' : ` ${tone}`}`}>{value}</dd>
      <dd className={`cap${isNoteBad === true ? ' bad-text' : ''}`}>
        {note}
        {key === 'saved' && (
          <>
            {' '}
            <HowCounted />
          </>
        )}
      </dd>
    </div>
  )
}

function HowCounted() {
  return (
    <DialogTrigger>
      <AriaButton className="text-button">How it’s counted</AriaButton>
      <Popover className="menu-popover counting" placement="bottom start" offset={6}>
        <Dialog className="details" aria-label="How it’s counted">
          <dl>
            {countingRules.map(({ title, text }) => (
              <div key={title}>
                <dt>{title}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}
