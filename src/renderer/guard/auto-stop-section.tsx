import './guard.css'
import { useState } from 'react'
import type { AutoStopMode } from '../../core/pod-rules/pod-rules'
import type { AccountId } from '../../core/pods/pod'
import type { SnapshotStoreState } from '../state/snapshot-store'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { AutoStopChoice, type ChosenAutoStopMode } from './auto-stop-choice'
import { PodCheckboxes } from './pod-checkboxes'

/** Auto-stop of each account that is shown. Renders nothing without an account. */
export function AutoStopSection({ afterMin }: { readonly afterMin: number }) {
  const accountsJson = useSnapshotStore((state) => JSON.stringify(shownAccounts(state)))
  const accounts = JSON.parse(accountsJson) as ReturnType<typeof shownAccounts>
  return accounts.map((account) => <AccountAutoStop key={account.id} afterMin={afterMin} {...account} />)
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
  readonly afterMin: number
  readonly id: AccountId
  readonly name: string | null
  readonly mode: AutoStopMode
}

function AccountAutoStop({ afterMin, id, name, mode }: AccountAutoStopProps) {
  const { bridge } = useWindow()
  const [refusal, setRefusal] = useState<string | null>(null)
  const choose = async (chosen: ChosenAutoStopMode): Promise<void> => {
    const answer = await bridge.setAutoStop(id, chosen)
    setRefusal(answer.ok ? null : answer.error.message)
  }
  return (
    <div className="auto-stop">
      {name !== null && <h3>{name}</h3>}
      <AutoStopChoice
        afterMin={afterMin}
        chosen={mode === 'undecided' ? null : mode}
        onChoose={(chosen) => void choose(chosen)}
      />
      {refusal !== null && (
        <p className="refusal" role="alert">
          {refusal}
        </p>
      )}
      {mode === 'undecided' && <p className="cap">You have not chosen yet, so no pod is stopped.</p>}
      {(mode === 'ticked' || mode === 'all') && <PodCheckboxes mode={mode} accountId={id} />}
    </div>
  )
}
