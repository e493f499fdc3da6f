import './bulk-bar.css'
import { Menu, MenuItem } from 'react-aria-components'
import { burnRateText } from '../../../core/money/burn-rate'
import { keepOnChoices } from '../../../core/pod-rules/pod-rules'
import { isIdle } from '../../../core/view/pod-state'
import type { PodView } from '../../../core/view/snapshot'
import { autoStopPods } from '../../guard/auto-stop-pods'
import { keepOnLabel } from '../../pod-model/text/keep-on-text'
import { canKeepOn, startable } from '../../pod-model/commands/pod-commands'
import { stoppable } from '../../../core/view/stops/stop-plan'
import { burnRateOf } from '../../state/arrange/pod-order'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { commonText } from '../../ui/common-text'
import { MenuButton } from '../../ui/controls/menu-button'
import { KeyHint } from '../../ui/labels/key-hint'
import { runInBulk } from '../../state/run-in-bulk'
import { autoStopChoices, autoStopNotes } from '../../guard/auto-stop-switch-text'
import { bulkText } from '../bulk/bulk-text'
import { setAutoStop } from '../../guard/set-auto-stop'
import { startPods } from '../bulk/stop-pods'
import { bulkBarText } from './table-text'

interface BulkBarProps {
  /** The selected ones. */
  readonly pods: readonly PodView[]
  readonly onClear: () => void
  readonly onStop: () => void
}

/** What can be done with all selected pods. */
export function BulkBar({ pods, onClear, onStop }: BulkBarProps) {
  const services = useWindow()
  const toStop = stoppable(pods)
  const toStart = startable(pods)
  const idle = pods.filter(isIdle)
  const areIdle = idle.length > 0 && idle.length === pods.length
  const rate = burnRateOf(idle.length > 0 ? idle : pods)
  const toKeep = pods.filter((pod) => canKeepOn(pod) && pod.guard.keepOn === null)
  return (
    <section className={areIdle ? 'bulk-bar idle' : 'bulk-bar'} aria-label={bulkBarText.label}>
      <b role="status" className={areIdle ? 'idle-text' : undefined}>
        {areIdle ? bulkBarText.waste(idle.length, rate) : bulkBarText.selected(pods.length)}
      </b>
      {!areIdle && (
        <span className={idle.length > 0 ? 'idle-text' : 'dim'}>
          {idle.length > 0 ? bulkBarText.wasting(idle.length, rate) : burnRateText(rate)}
        </span>
      )}
      {toStop.length > 0 && (
        <Button kind="primary" icon="stop" onPress={onStop}>
          {bulkBarText.stop(toStop.length)}
        </Button>
      )}
      {toStart.length > 0 && (
        <Button icon="start" onPress={() => void startPods(services, toStart)}>
          {bulkBarText.start(toStart.length)}
        </Button>
      )}
      {toKeep.length > 0 && <KeepAllMenu pods={toKeep} />}
      <AutoStopMenu pods={pods} />
      <Button kind="bare" onPress={onClear}>
        {bulkBarText.clear} <KeyHint name={commonText.escKey} />
      </Button>
      <span className="key-hints" aria-hidden="true">
        <kbd>J</kbd>
        <kbd>K</kbd> {bulkBarText.keyMoves} <kbd>X</kbd> {bulkBarText.keySelects}{' '}
        <kbd>{commonText.enterKey}</kbd> {bulkBarText.keyOpens} <kbd>?</kbd> {bulkBarText.keyShowsAll}
      </span>
    </section>
  )
}

function KeepAllMenu({ pods }: Pick<BulkBarProps, 'pods'>) {
  const services = useWindow()
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  return (
    <MenuButton text={bulkBarText.keepRunning} placement="top start">
      <Menu className="menu" aria-label={bulkBarText.keepAll}>
        {keepOnChoices.map((choice) => (
          <MenuItem
            key={choice}
            className="menu-item"
            onAction={() =>
              void runInBulk(services, pods, bulkBarText.notKept, (podKeys) =>
                services.bridge.keepPodsOn(podKeys, choice),
              )
            }
          >
            {keepOnLabel(choice, nowMs)}
          </MenuItem>
        ))}
      </Menu>
    </MenuButton>
  )
}

/** Selects all of these pods for automatic stops, or deselects them. Renders nothing if none can be. */
function AutoStopMenu({ pods }: { readonly pods: readonly PodView[] }) {
  const services = useWindow()
  const snapshot = useSnapshotStore((state) => state.wholeSnapshot)
  const own = autoStopPods(pods)
  if (own.length === 0 || snapshot === null) return null
  const notes = autoStopNotes(own, snapshot)
  return (
    <MenuButton text={bulkText.autoStop} placement="top start" popoverClass="auto-stop-menu">
      <Menu className="menu" aria-label={bulkText.autoStopAll}>
        {autoStopChoices.map(({ id, label, isAutoStopped }) => (
          <MenuItem
            key={id}
            className="menu-item"
            onAction={() => void setAutoStop(services, own, isAutoStopped)}
          >
            {label}
          </MenuItem>
        ))}
      </Menu>
      {notes.map((note) => (
        <p key={note} className="menu-note">
          {note}
        </p>
      ))}
    </MenuButton>
  )
}
