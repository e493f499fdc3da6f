import './table.css'
import { type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { PodKey } from '../../../core/pods/pod'
import type { PodView } from '../../../core/view/snapshot'
import { isTogether } from '../../state/account-parts'
import type { PodSection } from '../../state/arrange/arrange-pods'
import { useShortcuts } from '../../state/shortcuts'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { stoppable } from '../../../core/view/stops/stop-plan'
import { noStops, useStops } from '../../next-stops/use-stops'
import { focusedPodKey, usePodKeys } from '../bulk/use-pod-keys'
import { BulkBar } from './bulk-bar'
import { PodRow } from './pod-row'
import { TableHead } from './table-head'
import { drawnRows, rowOffsets, tableRows, topSection } from './table-rows'
import { columns, podTableText } from './table-text'
import { useSelection } from './use-selection'
import { useStillRow, useTableView } from './use-table-view'

/** Width of the table from which actions have words. */
const WIDE_PX = 1_116

interface PodTableProps {
  /** The title and the note of a section. */
  readonly heading: (section: PodSection, pods: readonly PodView[]) => ReactNode
  /** What stands at the end of that line. */
  readonly headingEnd: (section: PodSection) => ReactNode
}

/** All pods in rows of 36 px by section. Only those in or near the view are drawn, and all are counted. */
export function PodTable({ heading, headingEnd }: PodTableProps) {
  const { snapshotStore } = useWindow()
  const sections = useSnapshotStore((state) => state.sections)
  const podsByKey = useSnapshotStore((state) => state.podsByKey)
  const isSeveral = useSnapshotStore(isTogether)
  const rows = useMemo(() => tableRows(sections), [sections])
  const body = useRef<HTMLTableSectionElement>(null)
  const view = useTableView(body)
  const selection = useSelection(rows)
  const [currentKey, setCurrentKey] = useState<PodKey | null>(null)
  const stops = useStops()
  useStillRow(body, rows)
  const requestedKey = useRequestedRow(body, rows)
  const firstKey = rows.find(({ kind }) => kind === 'pod')?.id
  const tabKey = rows.some(({ id }) => id === currentKey) ? currentKey : (firstKey ?? null)
  const keptIds = [tabKey, requestedKey].filter((id) => id !== null)
  const { drawn, end } = drawnRows(rows, view, keptIds)
  // The same array while nothing changes, or each scrolled line would draw all rows again.
  const shownColumns = useMemo(
    () => columns.filter(({ id, fromPx }) => view.width >= fromPx && (isSeveral || id !== 'account')),
    [view.width, isSeveral],
  )
  const hasWords = view.width >= WIDE_PX
  const podsOf = (section: PodSection) => section.podKeys.flatMap((podKey) => podsByKey.get(podKey) ?? [])
  useShortcuts({
    select: () => {
      const podKey = focusedPodKey()
      if (podKey !== null) selection.toggle(podKey)
    },
    ...(selection.selected.size > 0 && { close: selection.clear }),
  })
  const selectedPods = [...selection.selected].flatMap((podKey) => podsByKey.get(podKey) ?? [])
  const stopSelected = () => {
    const podKeys = stoppable(selectedPods).map(({ key }) => key)
    if (podKeys.length > 0) snapshotStore.openDialog({ kind: 'stop-pods', podKeys })
  }
  usePodKeys(body, {
    onExtend: selection.extendTo,
    onStop: () => {
      if (selection.selected.size === 0) return false
      stopSelected()
      return true
    },
  })
  const top = topSection(rows, view.top) ?? sections[0]
  const select = useStable(selection)
  return (
    <div className={hasWords ? 'pod-table wide' : 'pod-table'}>
      <table
        role="grid"
        aria-label={podTableText.label}
        aria-rowcount={rows.length + 1}
        aria-multiselectable="true"
        aria-colcount={shownColumns.length + 2}
      >
        <TableHead
          columns={shownColumns}
          title={top === undefined ? null : heading(top, podsOf(top))}
          action={top !== undefined && headingEnd(top)}
          selection={selection}
          podCount={rows.filter(({ kind }) => kind === 'pod').length}
        />
        <tbody ref={body}>
          {drawn.flatMap(({ row, index, gap }) => [
            ...(gap > 0
              ? [<Spacer key={`before ${row.id}`} height={gap} span={shownColumns.length + 2} />]
              : []),
            row.kind === 'group' ? (
              <tr key={row.id} className="group-row" aria-rowindex={index + 2}>
                <th colSpan={shownColumns.length + 2} scope="rowgroup">
                  <div className="group-head">
                    {heading(row.section, podsOf(row.section))}
                    {headingEnd(row.section)}
                  </div>
                </th>
              </tr>
            ) : (
              <PodRow
                key={row.id}
                podKey={row.id}
                rowIndex={index + 2}
                shownColumns={shownColumns}
                hasWords={hasWords}
                isSelected={selection.selected.has(row.id)}
                isCurrent={row.id === tabKey}
                stops={stops.get(row.id) ?? noStops}
                onToggle={select.toggle}
                onExtend={select.extendTo}
                onCurrent={setCurrentKey}
              />
            ),
          ])}
          {end > 0 && <Spacer height={end} span={shownColumns.length + 2} />}
        </tbody>
      </table>
      {selection.selected.size > 0 && (
        <BulkBar
          pods={selectedPods}
          onClear={() => {
            selection.clear()
            const row = tabKey === null ? null : document.getElementById(`pod-${tabKey}`)
            row?.focus({ preventScroll: true })
          }}
          onStop={stopSelected}
        />
      )}
    </div>
  )
}

function Spacer({ height, span }: { readonly height: number; readonly span: number }) {
  return (
    <tr aria-hidden="true" className="spacer">
      <td colSpan={span} style={{ height }} />
    </tr>
  )
}

/** The functions of the latest selection, with an identity of their own, so that rows are not drawn for them. */
function useStable({ toggle, extendTo }: Pick<ReturnType<typeof useSelection>, 'toggle' | 'extendTo'>) {
  const latest = useRef({ toggle, extendTo })
  useLayoutEffect(() => {
    latest.current = { toggle, extendTo }
  })
  const [stable] = useState(() => ({
    toggle: (podKey: PodKey) => latest.current.toggle(podKey),
    extendTo: (podKey: PodKey) => latest.current.extendTo(podKey),
  }))
  return stable
}

/** Scrolls once to the row of a requested pod. Returns its key while it is shown, so that it is drawn. */
function useRequestedRow(
  body: React.RefObject<HTMLElement | null>,
  rows: ReturnType<typeof tableRows>,
): string | null {
  const request = useSnapshotStore((state) => state.focusRequest)
  const handled = useRef<typeof request>(null)
  const id = request?.id ?? null
  useEffect(() => {
    if (handled.current === request) return
    const element = body.current
    const scroller = element?.closest('.scroller')
    const index = rows.findIndex((row) => row.id === id)
    if (index === -1 || element === null || !scroller) return
    handled.current = request
    const y = element.getBoundingClientRect().top + (rowOffsets(rows)[index] ?? 0)
    scroller.scrollTop += y - scroller.getBoundingClientRect().top - scroller.clientHeight / 2
  }, [body, rows, id, request])
  return id
}
