import { useState } from 'react'
import { Input, Label, TextField } from 'react-aria-components'
import { MAX_TERMINAL_NAME, type TerminalConnection, type TerminalView } from '../../core/terminal/terminal'
import type { AccountId } from '../../core/pods/pod'
import { useAccountNames } from '../state/use-account-names'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { isMac } from '../ui/shortcut-label'
import { ConfirmDialog } from './panels/confirm-dialog'
import { terminalShortcuts } from './screen/terminal-keys'
import { serverText } from '../../core/terminal/host-key'

/** The open dialog of the terminal area. */
export type TerminalAreaDialog =
  | { readonly kind: 'close' | 'rename'; readonly terminal: TerminalView; readonly tabName: string }
  | { readonly kind: 'connection'; readonly link: TerminalConnection; readonly accountId: AccountId }
  | { readonly kind: 'shortcuts' }

interface TerminalAreaDialogsProps {
  readonly dialog: TerminalAreaDialog
  readonly onDone: () => void
  readonly onClose: (terminal: TerminalView) => void
  readonly onRename: (terminal: TerminalView, name: string | null) => void
}

export function TerminalAreaDialogs({ dialog, onDone, onClose, onRename }: TerminalAreaDialogsProps) {
  switch (dialog.kind) {
    case 'close':
      return (
        <ConfirmDialog
          title={`Close ${dialog.tabName}?`}
          confirmLabel="Close terminal"
          onAnswer={(isWanted) => {
            onDone()
            if (isWanted) onClose(dialog.terminal)
          }}
        >
          <p>
            This ends the shell on {dialog.terminal.podName} and everything running in it. The pod keeps
            running.
          </p>
        </ConfirmDialog>
      )
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
        <Dialog label="Terminal shortcuts" kind="sheet" onClose={onDone}>
          <header>
            <h2>Terminal shortcuts</h2>
            <Button kind="bare" icon="close" label="Close" autoFocus onPress={onDone} />
          </header>
          <div className="dialog-body ask" tabIndex={0}>
            <p>All other keys go to the shell.</p>
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
    <Dialog label="Connection" kind="sheet" onClose={onDone}>
      <header>
        <h2>Connection</h2>
        <Button kind="bare" icon="close" label="Close" autoFocus onPress={onDone} />
      </header>
      <div className="dialog-body ask" tabIndex={0}>
        <dl className="term-keys">
          {account !== undefined && (
            <div>
              <dt>Account</dt>
              <dd>{account}</dd>
            </div>
          )}
          <div>
            <dt>{isProxy ? 'Through Runpod’s proxy' : 'Direct to the pod'}</dt>
            <dd>
              <code>{serverText(server)}</code>
            </dd>
          </div>
          <div>
            <dt>
              {isProxy ? 'Proxy key' : 'Host key'} <span className="cap">{hostKey.algorithm}</span>
            </dt>
            <dd>
              <code>{hostKey.fingerprint}</code>
            </dd>
          </div>
        </dl>
        {isProxy && <p>The proxy supports a shell only, no file transfer or port forwarding.</p>}
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
    <Dialog label="Rename terminal" kind="sheet" onClose={onDone}>
      <header>
        <h2>Rename terminal</h2>
      </header>
      <div className="dialog-body ask">
        <TextField className="ask-field" value={name} onChange={setName} autoFocus autoComplete="off">
          <Label>Name (empty for the pod’s name)</Label>
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
        <Button onPress={onDone}>Cancel</Button>
        <Button kind="primary" onPress={save}>
          Rename
        </Button>
      </footer>
    </Dialog>
  )
}
