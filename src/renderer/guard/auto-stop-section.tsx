import './guard.css'
import { useId, useState } from 'react'
import { Radio, RadioGroup } from 'react-aria-components'
import type { AutoStopMode } from '../../core/pod-rules/pod-rules'
import type { AccountId } from '../../core/pods/pod'
import { settingRowId } from '../state/setting-row-id'
import type { SnapshotStoreState } from '../state/snapshot-store'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { autoStopHelp, autoStopModes } from './auto-stop-text'
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
  const labelId = useId()
  const helpId = useId()
  const countsJson = useSnapshotStore(({ snapshot }) => {
    const pods = autoStopPods((snapshot?.pods ?? []).filter(({ accountId }) => accountId === id))
    return JSON.stringify([pods.filter((pod) => isAutoStopOn(pod, mode)).length, pods.length])
  })
  const [selected, total] = JSON.parse(countsJson) as [number, number]
  const choose = async (chosen: string): Promise<void> => {
    const known = autoStopModes.find((one) => one.mode === chosen)
    if (known === undefined) return
    const answer = await bridge.setAutoStop(id, known.mode)
    setRefusal(answer.ok ? null : answer.error.message)
  }
  return (
    <>
      <div className="setting-row" {...(isFirst && { id: settingRowId('auto-stop-mode') })}>
        <div className="setting">
          <span id={labelId} className="label-like">
            {name === null ? 'Auto-stop idle pods' : `Auto-stop idle pods of ${name}`}
          </span>
          <span id={helpId} slot="description">
            {autoStopHelp(mode, selected, total)}
          </span>
          <span className="controls">
            <RadioGroup
              className="segments"
              orientation="horizontal"
              value={mode === 'undecided' ? null : mode}
              onChange={(chosen) => void choose(chosen)}
              aria-labelledby={labelId}
              aria-describedby={helpId}
            >
              {autoStopModes.map((one) => (
                <Radio key={one.mode} className="segment" value={one.mode}>
                  {one.label}
                </Radio>
              ))}
            </RadioGroup>
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
