import { memo, useRef } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import { parsePodKey, type PodKey } from '../../core/pods/pod'
import type { NextStop } from '../../core/view/stops/next-stops'
import { podColor } from '../pod-model/pod-color'
import { canKeepOn } from '../pod-model/commands/pod-commands'
import { podState } from '../../core/view/pod-state'
import { KeepOnMenu } from '../pods/actions/keep-on-menu'
import { Sparkline } from '../pods/card/sparkline'
import { useIsNearViewport } from '../pods/card/use-is-near-viewport'
import { RowActions } from '../pods/actions/row-actions'
import { nextEventText, stateGlyph } from '../pods/table/table-text'
import { NO_PRICE } from '../pod-model/text/pod-text'
import { accountListedAtMs, isAccountStale } from '../state/account-parts'
import { perHourUsd } from '../state/arrange/pod-order'
import { useSnapshotStore } from '../state/window-context'
import { AccountLabel } from '../ui/labels/account-label'
import { Icon } from '../ui/icon'
import { Money } from '../ui/labels/money'
import { popoverText } from './popover-text'

interface PopoverRowProps {
  readonly podKey: PodKey
  readonly isNearInitially: boolean
  readonly stops: readonly NextStop[]
  readonly onOpen: (podKey: PodKey) => void
}

/** One pod in 44 px, which opens to its card. Its actions appear on hover and where the keyboard is. */
export const PopoverRow = memo(function PopoverRow(props: PopoverRowProps) {
  const { podKey, isNearInitially, stops, onOpen } = props
  const { accountId } = parsePodKey(podKey)
  const pod = useSnapshotStore(({ podsByKey }) => podsByKey.get(podKey))
  const isStale = useSnapshotStore(({ snapshot }) => isAccountStale(snapshot, accountId))
  const asOfMs = useSnapshotStore(({ snapshot }) =>
    snapshot === null ? null : accountListedAtMs(snapshot, accountId),
  )
  const ref = useRef<HTMLElement>(null)
  const isNear = useIsNearViewport(ref, podKey, isNearInitially)
  if (pod === undefined) return null
  const { icon, tone } = stateGlyph(pod)
  const { word } = podState(pod, asOfMs)
  const usd = perHourUsd(pod)
  const event = nextEventText(pod, stops, asOfMs ?? 0)
  // What is off for all pods is no news of one.
  const isEventShown =
    (event.tone === 'bad' || stops.length > 0 || pod.progress !== undefined) && event.text !== word
  const headingId = `name-pod-${podKey}`
  return (
    <article
      ref={ref}
      id={`pod-${podKey}`}
      className={`pop-row ${podColor(pod)}${isStale ? ' stale' : ''}`}
      aria-labelledby={headingId}
      tabIndex={-1}
      onKeyDown={(pressed) => {
        if (pressed.target !== pressed.currentTarget || pressed.key !== 'Enter') return
        pressed.preventDefault()
        onOpen(podKey)
      }}
    >
      <span className={`glyph ${isStale ? 'mute' : tone}`} aria-hidden="true">
        <Icon name={icon} size={16} />
      </span>
      <span className="pop-name">
        <h3 id={headingId} title={pod.name}>
          {/* It covers the row. */}
          <AriaButton className="pop-open" aria-expanded={false} onPress={() => onOpen(podKey)}>
            <bdi>{pod.name}</bdi>
          </AriaButton>
        </h3>
        <span className="pop-facts">
          {pod.hardware !== null && <span className="pop-hardware">{pod.hardware}</span>}
          <AccountLabel accountId={accountId} />
          {isEventShown && (
            <span className={event.tone === 'bad' ? 'pop-event bad-text' : 'pop-event'} title={event.text}>
              {event.text}
            </span>
          )}
        </span>
      </span>
      {isNear && pod.phase === 'running' && (
        <span className="pop-graph">
          <Sparkline podKey={podKey} />
        </span>
      )}
      <span className="pop-figures">
        <span className="rate">
          {usd !== null && pod.isPriceApproximate === true && <small>{popoverText.approximately} </small>}
          {usd === null ? NO_PRICE : <Money usd={usd} per="hour" />}
        </span>
        <span className={isStale ? 'mute' : tone}>{word}</span>
      </span>
      <Icon name="chevron" size={14} />
      {isNear && (
        <RowActions podKey={podKey}>
          {tone === 'idle' && canKeepOn(pod) && <KeepOnMenu pod={pod} />}
        </RowActions>
      )}
    </article>
  )
})
