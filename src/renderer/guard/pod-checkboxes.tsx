import { useMemo, useState } from 'react'
import { Input, TextField } from 'react-aria-components'
import type { AutoStopMode } from '../../core/pod-rules/pod-rules'
import type { AccountId } from '../../core/pods/pod'
import type { PodView } from '../../core/view/snapshot'
import { defaultView, filterPods } from '../state/arrange/pod-filter'
import { podState } from '../../core/view/pod-state'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Icon } from '../ui/icon'
import { Tick } from '../ui/controls/tick'
import { autoStopPods, isAutoStopOn, wouldLoseAllData } from './auto-stop-pods'
import { autoStopText } from './auto-stop-text'

/** Number of pods from which a search field is shown. */
const MANY_PODS = 8
const MAX_SHOWN = 100

interface PodCheckboxesProps {
  /** The current mode, or the one about to be applied. */
  readonly mode: AutoStopMode
  readonly accountId: AccountId
}

/** A checkbox per pod for auto-stop. Changes apply at once. */
export function PodCheckboxes({ mode, accountId }: PodCheckboxesProps) {
  const shownPods = useSnapshotStore(({ snapshot }) => snapshot?.pods)
  const [search, setSearch] = useState('')
  const all = useMemo(
    () => autoStopPods((shownPods ?? []).filter((pod) => pod.accountId === accountId)),
    [shownPods, accountId],
  )
  const matchingPods = filterPods(all, { ...defaultView, search })
  const shown = matchingPods.slice(0, MAX_SHOWN)
  return (
    <div className="pod-ticks" role="group" aria-label={autoStopText.pods}>
      {all.length > MANY_PODS && (
        <TextField className="search" aria-label={autoStopText.search} value={search} onChange={setSearch}>
          <Icon name="search" size={15} />
          <Input className="search-input" placeholder={autoStopText.searchHint} maxLength={200} />
        </TextField>
      )}
      <ul>
        {shown.map((pod) => (
          <li key={pod.key}>
            <PodCheckbox pod={pod} mode={mode} />
          </li>
        ))}
      </ul>
      {matchingPods.length > shown.length && (
        <p className="cap">{autoStopText.more(matchingPods.length - shown.length)}</p>
      )}
      {matchingPods.length === 0 && all.length > 0 && <p className="cap">{autoStopText.noResults}</p>}
    </div>
  )
}

function PodCheckbox({ pod, mode }: { readonly pod: PodView; readonly mode: AutoStopMode }) {
  const { bridge, snapshotStore } = useWindow()
  const isOn = isAutoStopOn(pod, mode)
  const change = (isAutoStopped: boolean) =>
    void snapshotStore.runRequest(
      autoStopText.notChanged(pod.name, isAutoStopped),
      bridge.changePodRules(pod.key, { isAutoStopped }),
    )
  return (
    <Tick name={pod.name} isSelected={isOn} onChange={change}>
      {podState(pod).word}
      {isOn && wouldLoseAllData(pod) && ` ${autoStopText.losesAllData}`}
    </Tick>
  )
}
