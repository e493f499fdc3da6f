import { useCallback, useEffect, useState } from 'react'
import type { AccountId } from '../../core/pods/pod'
import { doctorCheckIds, type DoctorLine, type DoctorVerdict } from '../../core/doctor/doctor-line'
import { doctorQuestions, verdictNames } from '../../core/doctor/doctor-text'
import type { AccountCheckView } from '../../shared/requests/account-requests'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { CloseButton } from '../ui/close-button'
import { Dialog } from '../ui/dialog'
import { Icon, type IconName } from '../ui/icon'
import { accountCheckDialogText } from './account-check-text'

interface AccountCheckDialogProps {
  readonly accountId: AccountId
  readonly name: string
  readonly onClose: () => void
}

/** Checks the account while it is open, and shows each answer as it is found. */
export function AccountCheckDialog({ accountId, name, onClose }: AccountCheckDialogProps) {
  const { bridge, snapshotStore } = useWindow()
  const [view, setView] = useState<AccountCheckView | null>(null)
  const start = useCallback(
    () =>
      void snapshotStore.runRequest(
        accountCheckDialogText.couldNotCheck,
        bridge.startAccountCheck(accountId),
      ),
    [bridge, snapshotStore, accountId],
  )
  useEffect(() => {
    const unsubscribe = bridge.on('accountCheck', (next) => {
      if (next.accountId === accountId) setView(next)
    })
    start()
    return () => {
      unsubscribe()
      void bridge.cancelAccountCheck(accountId)
    }
  }, [bridge, accountId, start])
  const title = accountCheckDialogText.title(name)
  const lines = view?.lines ?? []
  return (
    <Dialog label={title} kind="sheet" onClose={onClose}>
      <header>
        <h2>{title}</h2>
        <CloseButton onPress={onClose} />
      </header>
      <div className="dialog-body">
        <ul className="check-lines" aria-label={accountCheckDialogText.list}>
          {inOrder(lines).map((line) => (
            <CheckLine key={line.id} line={line} />
          ))}
        </ul>
      </div>
      <footer className="check-footer">
        <p role="status">{statusText(view)}</p>
        {view?.isRunning === false && <Button onPress={start}>{accountCheckDialogText.again}</Button>}
        {view?.isRunning === true && view.progress !== null && (
          <Button onPress={() => void bridge.cancelAccountCheck(accountId)}>
            {accountCheckDialogText.stop}
          </Button>
        )}
      </footer>
    </Dialog>
  )
}

const verdictIcons: Readonly<Record<DoctorVerdict, IconName>> = {
  ok: 'check',
  warning: 'warning',
  problem: 'close',
  'not-checked': 'circle',
}

function CheckLine({ line: { id, verdict, text } }: { readonly line: DoctorLine }) {
  return (
    <li className={`check-line ${verdict}`}>
      <Icon name={verdictIcons[verdict]} size={16} />
      <b>{doctorQuestions[id]}</b>
      <span className="unseen">{verdictNames[verdict]}</span>
      <span className="check-answer">{text}</span>
    </li>
  )
}

/** In the order of the questions, whatever came first. */
const inOrder = (lines: readonly DoctorLine[]): readonly DoctorLine[] =>
  doctorCheckIds.flatMap((id) => lines.find((line) => line.id === id) ?? [])

function statusText(view: AccountCheckView | null): string {
  if (view === null || (view.isRunning && view.progress === null)) return accountCheckDialogText.checking
  return view.progress ?? accountCheckDialogText.summary(view.lines)
}
