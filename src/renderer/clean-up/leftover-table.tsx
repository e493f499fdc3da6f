import type { ReactNode } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import type { CleanUpPart } from '../../core/clean-up/clean-up-view'
import { RUNPOD_NAME } from '../../core/pods/labs/service-name'
import { managingServiceName } from '../../core/pods/pod'
import { formatUsd } from '../../core/base/text/format'
import type { OpenedPage } from '../../shared/ipc'
import { useSingleFlight } from '../state/hooks/use-single-flight'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { commonText } from '../ui/common-text'
import { leftoverText } from './clean-up-page-text'

export interface LeftoverRow {
  readonly id: string
  readonly name: string
  /** Opens its page. Absent: it has none. */
  readonly onOpen?: () => void
  readonly facts: ReactNode
  /** USD; null: not known. Absent: what it costs is not the point. */
  readonly perMonthUsd?: number | null
  /** Asks in the app's own window. */
  readonly action?: { readonly label: string; readonly name: string; readonly run: () => Promise<void> }
}

interface LeftoverSectionProps {
  readonly text: { readonly title: string; readonly about: string; readonly none?: string }
  readonly part: CleanUpPart<LeftoverRow>
  /** Where the provider's web app shows it. */
  readonly page: OpenedPage | null
}

/** What is left over of one kind, or why that can't be told. */
export function LeftoverSection({ text, part, page }: LeftoverSectionProps) {
  const { bridge, snapshotStore } = useWindow()
  const service = page === 'hubify' ? managingServiceName : RUNPOD_NAME
  const hasItems = part.kind === 'read' && part.items.length > 0
  const summary = part.kind === 'read' ? summaryOf(part.items) : ''
  return (
    <section className="leftovers">
      <header>
        <h2>{text.title}</h2>
        {summary !== '' && <span className="cap">{summary}</span>}
        {page !== null && (
          <Button
            kind="bare"
            icon="window"
            label={leftoverText.openSection(service, text.title)}
            onPress={() =>
              void snapshotStore.runRequest(commonText.couldNotOpenService(service), bridge.openPage(page))
            }
          />
        )}
        {hasItems && <p className="cap">{text.about}</p>}
      </header>
      {part.kind === 'unknown' ? (
        <div className="message idle" role="status">
          <span className="words">{part.why}</span>
        </div>
      ) : (
        <>
          {hasItems ? (
            <LeftoverTable label={text.title} rows={part.items} />
          ) : (
            text.none !== undefined && part.gap === null && <p className="cap">{text.none}</p>
          )}
          {part.gap !== null && (
            <div className="message idle" role="status">
              <span className="words">{part.gap}</span>
            </div>
          )}
        </>
      )}
    </section>
  )
}

const summaryOf = (rows: readonly LeftoverRow[]): string =>
  leftoverText.summary(
    rows.length,
    rows.flatMap(({ perMonthUsd }) => (perMonthUsd === undefined ? [] : [perMonthUsd])),
  )

function LeftoverTable({ label, rows }: { readonly label: string; readonly rows: readonly LeftoverRow[] }) {
  const hasPrices = rows.some(({ perMonthUsd }) => perMonthUsd !== undefined)
  // Prices of all tables stand below each other.
  const hasActions = hasPrices || rows.some(({ action }) => action !== undefined)
  return (
    <div className="table-room" role="region" aria-label={label} tabIndex={0}>
      <table className="data-table">
        <thead>
          <tr>
            <th scope="col" className="name">
              {leftoverText.name}
            </th>
            <th scope="col">{leftoverText.facts}</th>
            {hasPrices && (
              <th scope="col" className="number">
                {leftoverText.perMonth}
              </th>
            )}
            {hasActions && <td className="action" />}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <RowName row={row} />
              </th>
              <td className="dim facts">{row.facts}</td>
              {hasPrices && (
                <td className="number total">
                  {row.perMonthUsd === null ? leftoverText.unknown : formatUsd(row.perMonthUsd ?? 0)}
                </td>
              )}
              {hasActions && <td className="action">{row.action && <RowAction action={row.action} />}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function RowName({ row: { id, name, onOpen } }: { readonly row: LeftoverRow }) {
  const shown = <bdi>{name || id}</bdi>
  const title = name === id ? id : `${name} (${id})`
  return onOpen === undefined ? (
    <span className="leftover-name" title={title}>
      {shown}
    </span>
  ) : (
    <AriaButton className="text-button leftover-name" onPress={onOpen}>
      {shown}
    </AriaButton>
  )
}

function RowAction({ action }: { readonly action: NonNullable<LeftoverRow['action']> }) {
  const runOnce = useSingleFlight()
  return (
    <Button label={action.name} onPress={() => runOnce(action.run)}>
      {action.label}
    </Button>
  )
}
