import './guard.css'
import { useId, useState } from 'react'
import type { AutoStopMode } from '../../core/pod-rules/pod-rules'
import type { AccountId } from '../../core/pods/pod'
import { settingRowId } from '../state/setting-row-id'
import type { SnapshotStoreState } from '../state/snapshot-store'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Segments } from '../ui/controls/segments'
import { autoStopHelp, autoStopModes, autoStopText, type ChosenAutoStopMode } from './auto-stop-text'
import { autoStopPods, isAutoStopOn } from './auto-stop-pods'
import { PodCheckboxes } from './pod-checkboxes'

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
  if (account !== null) return [{ id: account.id, name: null, mode: guard.autoStop }]
  return accounts.flatMap((part) =>
    part.account === null || (shownAccountId !== null && shownAccountId !== part.entry.id)
      ? []
      : [{ id: part.entry.id, name: part.entry.name, mode: part.guard.autoStop }],
  )
}

interface AccountAutoStopProps {
  readonly id: AccountId
  readonly name: string | null
  readonly mode: AutoStopMode
  readonly isFirst: boolean
}

function AccountAutoStop({ id, name, mode, isFirst }: AccountAutoStopProps) {
  const { bridge } = useWindow()
  const [refusal, setRefusal] = useState<string | null>(null)
  const label = autoStopText.label(name)
  const helpId = useId()
  const countsJson = useSnapshotStore(({ snapshot }) => {
    const pods = autoStopPods((snapshot?.pods ?? []).filter(({ accountId }) => accountId === id))
    return JSON.stringify([pods.filter((pod) => isAutoStopOn(pod, mode)).length, pods.length])
  })
  const [selected, total] = JSON.parse(countsJson) as [number, number]
  const choose = async (chosen: ChosenAutoStopMode): Promise<void> => {
    const answer = await bridge.setAutoStop(id, chosen)
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
      {(mode === 'ticked' || mode === 'all') && total > 0 && <PodCheckboxes mode={mode} accountId={id} />}
    </>
  )
}
