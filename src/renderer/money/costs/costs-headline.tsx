import { Button as AriaButton, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import type { CostsView } from '../../../core/money/costs/costs-view'
import { shortDay } from '../chart/day-text'
import { countingRules, type HeadlineFigure, headlineFigures, spendNotes } from './headline-text'
import { costsText } from './costs-text'

interface CostsHeadlineProps {
  readonly costs: CostsView
  /** What of the total only a lab's provider counted, whole cents. */
  readonly uncountedCents: number
}

/** Spent, forecast, spent while idle, and saved. */
export function CostsHeadline({ costs, uncountedCents }: CostsHeadlineProps) {
  const notes = [
    ...(uncountedCents === 0 ? [] : [costsText.uncounted(uncountedCents / 100)]),
    ...spendNotes(costs),
  ]
  return (
    <>
      <dl className="costs-headline">
        {headlineFigures(costs).map((figure) => (
          <Figure key={figure.key} figure={figure} costs={costs} />
        ))}
      </dl>
      {notes.length > 0 && <p className="cap costs-notes">{notes.join(' ')}</p>}
    </>
  )
}

interface FigureProps {
  readonly figure: HeadlineFigure
  readonly costs: CostsView
}

function Figure({ figure: { key, label, value, tone, note, isNoteBad }, costs }: FigureProps) {
  return (
    <div className={key}>
      <dt>{label}</dt>
      <dd className={`value${tone === undefined ? '' : ` ${tone}`}`}>{value}</dd>
      <dd className={`cap${isNoteBad === true ? ' bad-text' : ''}`}>
        {note}
        {key === 'saved' && (
          <>
            {' '}
            <HowCounted last={costs.stops.last} />
          </>
        )}
      </dd>
    </div>
  )
}

function HowCounted({ last }: { readonly last: CostsView['stops']['last'] }) {
  return (
    <DialogTrigger>
      <AriaButton className="text-button">{costsText.howCounted}</AriaButton>
      <Popover className="menu-popover counting" placement="bottom start" offset={6}>
        <Dialog className="details" aria-label={costsText.howCounted}>
          <dl>
            {countingRules.map(({ title, text }) => (
              <div key={title}>
                <dt>{title}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
          {last !== null && (
            <p className="cap">
              {costsText.lastStop} <bdi>{last.name}</bdi>, {shortDay(last.atMs)}
            </p>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}
