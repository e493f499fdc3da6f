import './guard.css'
import { useId, useMemo, useState } from 'react'
import { Input, TextField } from 'react-aria-components'
import type { AutoStopMode } from '../../core/pod-rules/pod-rules'
import type { AccountId } from '../../core/pods/pod'
import { podState } from '../../core/view/pod-state'
import type { PodView } from '../../core/view/snapshot'
import { defaultView, filterPods } from '../state/arrange/pod-filter'
import { settingRowId } from '../state/setting-row-id'
import type { SnapshotStoreState } from '../state/snapshot-store'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Segments } from '../ui/controls/segments'
import { Tick } from '../ui/controls/tick'
import { Icon } from '../ui/icon'
import { autoStopHelp, autoStopModes, autoStopText, type ChosenAutoStopMode } from './auto-stop-text'
import { StopTimeFields } from './stop-time-rules'
import { autoStopPods, isAutoStopOff, wouldLoseAllData } from './auto-stop-pods'

/** Number of pods from which a search field is shown. */
const MANY_PODS = 8
const MAX_SHOWN = 100

/** Auto-stop of each account that is shown. Renders nothing without an account. */
export function AutoStopSection() {
  const accountsJson = useSnapshotStore((state) => JSON.stringify(shownAccounts(state)))
  const accounts = JSON.parse(accountsJson) as ReturnType<typeof shownAccounts>
  return accounts.map((account, index) => (
    <AccountAutoStop key={account.id} isFirst={index === 0} {...account} />
  ))
}

/** `name`: null where there is one account. */
function shownAccounts({ snapshot, shownAccountId }: SnapshotStoreState) {
  if (snapshot === null) return []
  const { account, guard, accounts } = snapshot
  if (account !== null) return [{ id: account.id, name: null, mode: guard.autoStop, stopAt: guard.stopAt }]
  return accounts.flatMap((part) =>
    part.account === null || (shownAccountId !== null && shownAccountId !== part.entry.id)
      ? []
      : [{ id: part.entry.id, name: part.entry.name, mode: part.guard.autoStop, stopAt: part.guard.stopAt }],
  )
}

interface AccountAutoStopProps {
  readonly id: AccountId
  readonly name: string | null
  readonly mode: AutoStopMode
  readonly stopAt?: string | undefined
  readonly isFirst: boolean
}

function AccountAutoStop({ id, name, mode, stopAt, isFirst }: AccountAutoStopProps) {
  const { bridge } = useWindow()
  const [refusal, setRefusal] = useState<string | null>(null)
  const label = autoStopText.label(name)
  const helpId = useId()
  const countsJson = useSnapshotStore(({ snapshot }) => {
    const pods = autoStopPods((snapshot?.pods ?? []).filter(({ accountId }) => accountId === id))
    return JSON.stringify([pods.filter(({ guard }) => guard.isAutoStopEnabled).length, pods.length])
  })
  const [selected, total] = JSON.parse(countsJson) as [number, number]
  const choose = async (chosen: ChosenAutoStopMode): Promise<void> => {
    // Pods that were selected earlier are named before they are armed.
    const answer =
      chosen === 'ticked' && isAutoStopOff(mode)
        ? await bridge.turnOnAutoStop(id, [])
        : await bridge.setAutoStop(id, chosen)
    setRefusal(answer.ok ? null : answer.error.message)
  }
  return (
    <>
      <div className="setting-row" {...(isFirst && { id: settingRowId('auto-stop-mode') })}>
        <div className="setting">
          <span className="label-like" aria-hidden="true">
            {label}
          </span>
          <span id={helpId} slot="description">
            {autoStopHelp(mode, selected, total)}
          </span>
          <span className="controls">
            <Segments
              label={label}
              describedBy={helpId}
              options={autoStopModes}
              chosen={mode === 'undecided' ? null : mode}
              onChoose={(chosen) => void choose(chosen)}
            />
          </span>
        </div>
        <span className="reset" />
        {refusal !== null && (
          <p className="refusal" role="alert">
            {refusal}
          </p>
        )}
      </div>
      {(mode === 'ticked' || mode === 'all') && total > 0 && <PodCheckboxes accountId={id} />}
      <StopTimeFields
        label={autoStopText.stopAt(name)}
        daysLabel={autoStopText.stopDays(name)}
        resetLabel={autoStopText.noStopTime(autoStopText.stopAt(name))}
        help={autoStopText.stopAtHelp}
        stopAt={stopAt}
        change={async (changes) => {
          const answer = await bridge.setStopTime(id, changes.stopAt ?? null)
          return answer.ok ? null : answer.error.message
        }}
      />
    </>
  )
}

interface PodCheckboxesProps {
  readonly accountId: AccountId
}

/** A checkbox per pod for auto-stop. Changes apply at once. */
function PodCheckboxes({ accountId }: PodCheckboxesProps) {
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
            <PodCheckbox pod={pod} />
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

function PodCheckbox({ pod }: { readonly pod: PodView }) {
  const { bridge, snapshotStore } = useWindow()
  const isOn = pod.guard.isAutoStopEnabled
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
