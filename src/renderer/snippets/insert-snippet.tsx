import './snippets.css'
import { useEffect, useState } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import { fillSnippet, type SnippetValues } from '../../core/terminal/snippets'
import type { TerminalId } from '../../core/terminal/terminal'
import type { PodKey } from '../../core/pods/pod'
import { useSingleFlight } from '../state/hooks/use-single-flight'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { CloseButton } from '../ui/close-button'
import { insertText, snippetsText } from './snippets-text'
import { useSnippets } from './use-snippets'

interface InsertSnippetProps {
  readonly podKey: PodKey
  /** Null: a new one is opened. */
  readonly terminalId: TerminalId | null
  readonly onClose: () => void
}

/** The snippets as they would be for this pod. One that is chosen is typed without the line end that would run it. */
export function InsertSnippet({ podKey, terminalId, onClose }: InsertSnippetProps) {
  const { bridge, snapshotStore, navigate } = useWindow()
  const { snippets } = useSnippets()
  const name = useSnapshotStore(({ podsByKey }) => podsByKey.get(podKey)?.name ?? '')
  const [values, setValues] = useState<SnippetValues | null>(null)
  const runOnce = useSingleFlight()
  useEffect(() => {
    let isMounted = true
    void snapshotStore
      .runRequest(insertText.couldNotInsert, bridge.snippetValues(podKey))
      .then((found) => isMounted && setValues(found))
    return () => {
      isMounted = false
    }
  }, [bridge, snapshotStore, podKey])
  const insert = async (text: string): Promise<void> => {
    const opened =
      terminalId ?? (await snapshotStore.runRequest(insertText.couldNotInsert, bridge.openTerminal(podKey)))
    if (opened === null) return
    const typed = bridge.typeInTerminal(opened, text, 'text')
    if (await snapshotStore.tryRequest(insertText.couldNotInsert, typed)) onClose()
  }
  return (
    <>
      <header>
        <h2>{insertText.title(name)}</h2>
        <CloseButton onPress={onClose} />
      </header>
      <div className="dialog-body snippets">
        <p className="cap">{terminalId === null ? insertText.newTerminal : insertText.help}</p>
        {snippets?.length === 0 && <p>{snippetsText.none}</p>}
        <ul>
          {values !== null &&
            snippets?.map(({ name: title, command }, index) => {
              const text = fillSnippet(command, values)
              return (
                <li key={index}>
                  <AriaButton
                    className="snippet"
                    autoFocus={index === 0}
                    isDisabled={!text.ok}
                    onPress={() => text.ok && runOnce(() => insert(text.value))}
                  >
                    <bdi>{title}</bdi>
                    <code>{text.ok ? text.value : text.error}</code>
                  </AriaButton>
                </li>
              )
            })}
        </ul>
      </div>
      <footer>
        <Button
          onPress={() => {
            onClose()
            navigate('settings', 'snippets')
          }}
        >
          {insertText.manage}
        </Button>
      </footer>
    </>
  )
}
