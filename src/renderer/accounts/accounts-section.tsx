import './accounts.css'
import { useState } from 'react'
import { MAX_ACCOUNTS } from '../../core/settings/account-record'
import type { AccountPart } from '../../core/view/snapshot'
import { AccountQuestion } from '../connect/account-question'
import { StoredKeyPanel } from '../connect/stored-key-panel'
import { verdictText } from '../connect/verdict-text'
import { settingRowId } from '../state/setting-row-id'
import { useSingleFlight } from '../state/use-single-flight'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { AddLabsDialog } from './add-labs-dialog'
import { AccountRow } from './account-row'

const NONE: readonly AccountPart[] = []

/** The accounts with their keys, names, budgets and order, and a button that adds one. */
export function AccountsSection() {
  const { bridge, snapshotStore } = useWindow()
  const accounts = useSnapshotStore(({ wholeSnapshot }) => wholeSnapshot?.accounts ?? NONE)
  const runOnce = useSingleFlight()
  const [statusMessage, setStatusMessage] = useState('')
  const [isAddingLabs, setAddingLabs] = useState(false)
  const isDemo = accounts.some(({ entry }) => entry.isDemo)
  const paste = () =>
    runOnce(async () => {
      setStatusMessage('Checking the key in your clipboard…')
      const verdict = await snapshotStore.runRequest('Couldn’t check the key', bridge.pasteKey())
      setStatusMessage(verdict === null ? '' : verdictText(verdict))
    })
  const move = (index: number, by: number): void => {
    const ids = accounts.map(({ entry }) => entry.id)
    const [moved] = ids.splice(index, 1)
    if (moved === undefined) return
    ids.splice(index + by, 0, moved)
    void snapshotStore.runRequest('Couldn’t move the account', bridge.orderAccounts(ids))
  }
  return (
    <div className="accounts-section" id={settingRowId('accounts')}>
      <div className="accounts-body">
        <StoredKeyPanel />
        {isDemo ? (
          <p>The demo needs no key. Leave the demo to add yours.</p>
        ) : (
          <>
            {accounts.length === 0 && <p>No API key added yet.</p>}
            <ul className="accounts-list">
              {accounts.map((part, index) => (
                <li key={part.entry.id}>
                  <AccountRow
                    part={part}
                    isOnly={accounts.length === 1}
                    onUp={index === 0 ? null : () => move(index, -1)}
                    onDown={index === accounts.length - 1 ? null : () => move(index, 1)}
                    onMessage={setStatusMessage}
                  />
                </li>
              ))}
            </ul>
            <p className="hint">
              A Runpod key is checked right away. It replaces the key of the account it belongs to, or adds an
              account {` (up to ${MAX_ACCOUNTS}).`}
            </p>
            <div className="actions">
              <Button icon="plus" onPress={paste}>
                Paste key
              </Button>
              <Button icon="plus" onPress={() => setAddingLabs(true)}>
                Add Hubify labs
              </Button>
            </div>
            {isAddingLabs && <AddLabsDialog onClose={() => setAddingLabs(false)} />}
          </>
        )}
        <p className="said" role="status">
          {statusMessage}
        </p>
        <ul className="messages" aria-label="Question about an account">
          <AccountQuestion />
        </ul>
      </div>
    </div>
  )
}
