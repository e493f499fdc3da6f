import { memo, useEffect, useRef, useState } from 'react'
import { parsePodKey, type PodKey } from '../../../core/pods/pod'
import { podState } from '../../../core/view/pod-state'
import type { NextStop } from '../../../core/view/stops/next-stops'
import { formatUsd } from '../../../core/base/text/format'
import { podColor } from '../../pod-model/pod-color'
import { NO_PRICE } from '../../pod-model/text/pod-text'
import { isAccountStale } from '../../state/account-parts'
import { perHourUsd } from '../../state/arrange/pod-order'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { AccountLabel } from '../../ui/labels/account-label'
import { Button } from '../../ui/button'
import { commonText } from '../../ui/common-text'
import { Icon } from '../../ui/icon'
import { Sparkline } from '../card/sparkline'
import { AutoStopReason, AutoStopSwitch } from '../actions/auto-stop-switch'
import { RowActions } from '../actions/row-actions'
import { type PodColumn, idleCostText, nextEventText, podTableText, stateGlyph } from './table-text'

interface PodRowProps {
  readonly podKey: PodKey
  /** Its number among all rows, from 1; the heading is the first. */
  readonly rowIndex: number
  readonly shownColumns: readonly PodColumn[]
  /** There is room for words in its actions. */
  readonly hasWords: boolean
  readonly isSelected: boolean
  /** It is the one that Tab reaches. */
  readonly isCurrent: boolean
  readonly stops: readonly NextStop[]
  readonly onToggle: (podKey: PodKey) => void
  readonly onExtend: (podKey: PodKey) => void
  readonly onCurrent: (podKey: PodKey) => void
}

/** One pod in 36 px. Its actions appear on hover and where the keyboard is. */
export const PodRow = memo(function PodRow(props: PodRowProps) {
  const { podKey, rowIndex, shownColumns, hasWords, isSelected, isCurrent, stops } = props
  const { onToggle, onExtend, onCurrent } = props
  const { navigate, visibleCards } = useWindow()
  const pod = useSnapshotStore(({ podsByKey }) => podsByKey.get(podKey))
  const isStale = useSnapshotStore(({ snapshot }) => isAccountStale(snapshot, parsePodKey(podKey).accountId))
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const ref = useRef<HTMLTableRowElement>(null)
  const [isPointedAt, setPointedAt] = useState(false)
  useEffect(() => {
    const element = ref.current
    return element === null ? undefined : visibleCards.observe(element, podKey, () => undefined)
  }, [podKey, visibleCards])
  if (pod === undefined) return null
  const { icon, tone, word } = stateGlyph(pod)
  const hasState = shownColumns.some(({ id }) => id === 'state')
  const open = () => navigate('pod', podKey)
  const cells: Readonly<Record<PodColumn['id'], () => React.ReactNode>> = {
    name: () => (
      <span className="row-name">
        <span className={`glyph ${isStale ? 'mute' : tone}`} title={word}>
          <Icon name={icon} size={16} />
          {!hasState && <span className="unseen">{word}</span>}
        </span>
        <button type="button" className="pod-open" tabIndex={isCurrent ? 0 : -1} onClick={open}>
          <bdi title={pod.name}>{pod.name}</bdi>
        </button>
        {pod.isLocked === true && (
          <span className="dim" title={podTableText.lockedHelp}>
            <Icon name="lock" size={12} />
            <span className="unseen">{podTableText.locked}</span>
          </span>
        )}
      </span>
    ),
    account: () => <AccountLabel accountId={pod.accountId} />,
    hardware: () => pod.hardware,
    use: () => (pod.phase === 'running' ? <Sparkline podKey={podKey} /> : null),
    price: () => {
      const usd = perHourUsd(pod)
      if (usd === null) return <span className="dim">{NO_PRICE}</span>
      return (
        <>
          {pod.isPriceApproximate === true && <span className="dim">{podTableText.approximately} </span>}
          <b>{formatUsd(usd)}</b>
        </>
      )
    },
    state: () => {
      const { tone: stateTone, word: state } = podState(pod, nowMs)
      return (
        <span className={stateTone === 'idle' ? 'idle-text' : 'dim'} title={state}>
          {state}
        </span>
      )
    },
    'idle-cost': () => idleCostText(pod),
    'auto-stop': () => <AutoStopSwitch pod={pod} tabIndex={isCurrent ? 0 : -1} />,
    next: () => {
      const event = nextEventText(pod, stops, nowMs)
      if (event.isAutoStopOff === true) return <AutoStopReason pod={pod} tabIndex={isCurrent ? 0 : -1} />
      return (
        <span className={event.tone === 'bad' ? 'bad-text' : event.tone} title={event.text}>
          {event.text}
        </span>
      )
    },
  }
  return (
    <tr
      ref={ref}
      id={`pod-${podKey}`}
      data-row={podKey}
      data-drop-pod={pod.sshRoute === 'direct' ? podKey : undefined}
      className={`pod-row ${podColor(pod)}${isStale ? ' stale' : ''}${isSelected ? ' selected' : ''}`}
      aria-rowindex={rowIndex}
      aria-selected={isSelected}
      tabIndex={isCurrent ? 0 : -1}
      onFocus={() => onCurrent(podKey)}
      onPointerEnter={() => setPointedAt(true)}
      onPointerLeave={() => setPointedAt(false)}
      onClick={(event) => event.shiftKey && onExtend(podKey)}
      onDoubleClick={open}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget || event.key !== 'Enter') return
        event.preventDefault()
        open()
      }}
    >
      <td className="cell-check">
        <input
          type="checkbox"
          aria-label={podTableText.select(pod.name)}
          checked={isSelected}
          tabIndex={isCurrent ? 0 : -1}
          onClick={(event) => {
            event.stopPropagation()
            if (event.shiftKey) onExtend(podKey)
          }}
          onChange={(event) => {
            const isExtending = (event.nativeEvent as MouseEvent).shiftKey
            if (!isExtending) onToggle(podKey)
          }}
        />
      </td>
      {shownColumns.map(({ id, isNumber }) => (
        <td key={id} className={`cell-${id}${isNumber === true ? ' number' : ''}`}>
          {cells[id]()}
        </td>
      ))}
      <td className="cell-actions">
        {/* They are only visible where pointer or keyboard are, and cost as much as the rest of the row. */}
        {(isPointedAt || isCurrent) && (
          <RowActions podKey={podKey} hasWords={hasWords}>
            <Button
              icon="more"
              shortcut={commonText.enterKey}
              label={podTableText.open(pod.name)}
              onPress={open}
            />
          </RowActions>
        )}
      </td>
    </tr>
  )
})
