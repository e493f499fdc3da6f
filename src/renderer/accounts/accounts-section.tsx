import './accounts.css'
import { useState } from 'react'
import type { AccountPart } from '../../core/view/snapshot'
import { AccountQuestion } from '../connect/account-question'
import { HubifyConnect } from '../connect/hubify-connect'
import { StoredKeyPanel } from '../connect/stored-key-panel'
import { verdictText } from '../connect/verdict-text'
import { settingRowId } from '../state/setting-row-id'
import { useSingleFlight } from '../state/hooks/use-single-flight'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { CloseButton } from '../ui/close-button'
import { Dialog } from '../ui/dialog'
import { AccountRow } from './account-row'
import { accountsText } from './account-row-text'

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
      setStatusMessage(accountsText.checkingClipboard)
      const verdict = await snapshotStore.runRequest(accountsText.couldNotCheckKey, bridge.pasteKey())
      setStatusMessage(verdict === null ? '' : verdictText(verdict))
    })
  const move = (index: number, by: number): void => {
    const ids = accounts.map(({ entry }) => entry.id)
    const [moved] = ids.splice(index, 1)
    if (moved === undefined) return
    ids.splice(index + by, 0, moved)
    void snapshotStore.runRequest(accountsText.couldNotMove, bridge.orderAccounts(ids))
  }
  return (
    <div className="accounts-section" id={settingRowId('accounts')}>
      <div className="accounts-body">
        <StoredKeyPanel />
        {isDemo ? (
          <p>{accountsText.demoNeedsNoKey}</p>
        ) : (
          <>
            {accounts.length === 0 && <p>{accountsText.none}</p>}
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
            <p className="hint">{accountsText.pasteHint}</p>
            <div className="actions">
              <Button icon="plus" onPress={paste}>
                {accountsText.pasteKey}
              </Button>
              <Button icon="plus" onPress={() => setAddingLabs(true)}>
                {accountsText.addLabs}
              </Button>
            </div>
            {isAddingLabs && <AddLabsDialog onClose={() => setAddingLabs(false)} />}
          </>
        )}
        <p className="said" role="status">
          {statusMessage}
        </p>
        <ul className="messages" aria-label={accountsText.questions}>
          <AccountQuestion />
        </ul>
      </div>
    </div>
  )
}

/** Adds labs of a key of Hubify. */
function AddLabsDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog label={accountsText.addLabs} kind="sheet" onClose={onClose}>
      <header>
        <h2>{accountsText.addLabs}</h2>
        <CloseButton onPress={onClose} />
      </header>
      <div className="dialog-body connect">
        <HubifyConnect onAdded={onClose} />
      </div>
    </Dialog>
  )
}
