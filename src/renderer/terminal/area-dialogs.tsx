import { useState } from 'react'
import { Input, Label, TextField } from 'react-aria-components'
import { MAX_TERMINAL_NAME, type TerminalConnection, type TerminalView } from '../../core/terminal/terminal'
import type { AccountId } from '../../core/pods/pod'
import { useAccountNames } from '../state/hooks/use-account-names'
import { Button } from '../ui/button'
import { CloseButton } from '../ui/close-button'
import { Dialog } from '../ui/dialog'
import { isMac } from '../ui/shortcut-label'
import { ConfirmDialog } from './panels/confirm-dialog'
import { terminalShortcuts } from './screen/screen-text'
import { serverText } from '../../core/terminal/host-key'
import { commonText } from '../ui/common-text'
import { terminalDialogText } from './terminal-area-text'

/** The open dialog of the terminal area. */
export type TerminalAreaDialog =
  | {
      readonly kind: 'close'
      readonly terminals: readonly TerminalView[]
      readonly tabName: string
      /** The tab has other panes, which stay. */
      readonly isPane: boolean
    }
  | { readonly kind: 'rename'; readonly terminal: TerminalView; readonly tabName: string }
  | { readonly kind: 'connection'; readonly link: TerminalConnection; readonly accountId: AccountId }
  | { readonly kind: 'shortcuts' }

interface TerminalAreaDialogsProps {
  readonly dialog: TerminalAreaDialog
  readonly onDone: () => void
  readonly onClose: (terminals: readonly TerminalView[]) => void
  readonly onRename: (terminal: TerminalView, name: string | null) => void
}

export function TerminalAreaDialogs({ dialog, onDone, onClose, onRename }: TerminalAreaDialogsProps) {
  switch (dialog.kind) {
    case 'close': {
      const { terminals, isPane } = dialog
      const question = isPane ? terminalDialogText.closePaneQuestion : terminalDialogText.closeQuestion
      return (
        <ConfirmDialog
          title={question(dialog.tabName)}
          confirmLabel={terminalDialogText.close(terminals.length)}
          onAnswer={(isWanted) => {
            onDone()
            if (isWanted) onClose(terminals)
          }}
        >
          <p>{terminalDialogText.closeEffect(terminals[0]?.podName ?? '', terminals.length)}</p>
        </ConfirmDialog>
      )
    }
    case 'rename':
      return (
        <RenameDialog
          terminal={dialog.terminal}
          onDone={onDone}
          onRename={(name) => onRename(dialog.terminal, name)}
        />
      )
    case 'connection':
      return <TerminalConnectionDialog {...dialog} onDone={onDone} />
    case 'shortcuts':
      return (
        <Dialog label={terminalDialogText.shortcuts} kind="sheet" onClose={onDone}>
          <header>
            <h2>{terminalDialogText.shortcuts}</h2>
            <CloseButton autoFocus onPress={onDone} />
          </header>
          <div className="dialog-body ask" tabIndex={0}>
            <p>{terminalDialogText.otherKeys}</p>
            <dl className="strokes">
              {terminalShortcuts(isMac()).map(([stroke, what]) => (
                <div key={stroke}>
                  <dt>
                    {stroke.split(', ').map((one) => (
                      <kbd key={one}>{one}</kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </div>
        </Dialog>
      )
  }
}

function TerminalConnectionDialog({
  link,
  accountId,
  onDone,
}: {
  readonly accountId: AccountId
  readonly link: TerminalConnection
  readonly onDone: () => void
}) {
  const { server, hostKey } = link
  const account = useAccountNames()[accountId]
  const isProxy = server.route === 'proxy'
  return (
    <Dialog label={terminalDialogText.connection} kind="sheet" onClose={onDone}>
      <header>
        <h2>{terminalDialogText.connection}</h2>
        <CloseButton autoFocus onPress={onDone} />
      </header>
      <div className="dialog-body ask" tabIndex={0}>
        <dl className="term-keys">
          {account !== undefined && (
            <div>
              <dt>{terminalDialogText.account}</dt>
              <dd>{account}</dd>
            </div>
          )}
          <div>
            <dt>{isProxy ? terminalDialogText.throughProxy : terminalDialogText.direct}</dt>
            <dd>
              <code>{serverText(server)}</code>
            </dd>
          </div>
          <div>
            <dt>
              {isProxy ? terminalDialogText.proxyKey : terminalDialogText.hostKey}{' '}
              <span className="cap">{hostKey.algorithm}</span>
            </dt>
            <dd>
              <code>{hostKey.fingerprint}</code>
            </dd>
          </div>
        </dl>
        {isProxy && <p>{terminalDialogText.proxyLimits}</p>}
      </div>
    </Dialog>
  )
}

interface RenameDialogProps {
  readonly terminal: TerminalView
  readonly onDone: () => void
  readonly onRename: (name: string | null) => void
}

function RenameDialog({ terminal, onDone, onRename }: RenameDialogProps) {
  const [name, setName] = useState(terminal.name ?? '')
  const save = (): void => {
    onDone()
    const trimmedName = name.trim()
    onRename(trimmedName === '' ? null : trimmedName)
  }
  return (
    <Dialog label={terminalDialogText.renameTitle} kind="sheet" onClose={onDone}>
      <header>
        <h2>{terminalDialogText.renameTitle}</h2>
      </header>
      <div className="dialog-body ask">
        <TextField className="ask-field" value={name} onChange={setName} autoFocus autoComplete="off">
          <Label>{terminalDialogText.name}</Label>
          <Input
            className="key-field"
            maxLength={MAX_TERMINAL_NAME}
            placeholder={terminal.podName}
            spellCheck={false}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
              event.preventDefault()
              save()
            }}
          />
        </TextField>
      </div>
      <footer>
        <Button onPress={onDone}>{commonText.cancel}</Button>
        <Button kind="primary" onPress={save}>
          {terminalDialogText.rename}
        </Button>
      </footer>
    </Dialog>
  )
}
