import { useState } from 'react'
import type { ReleaseNote, ReleaseNotes } from '../../core/updates/release-notes'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { CloseButton } from '../ui/close-button'
import { Dialog } from '../ui/dialog'
import { messagesText } from './messages-text'
import './whats-new.css'

/** A button that shows what changed in the version that runs. */
export function WhatsNewButton() {
  const { bridge, snapshotStore } = useWindow()
  const [notes, setNotes] = useState<ReleaseNotes | null>(null)
  const show = async (): Promise<void> =>
    setNotes(await snapshotStore.runRequest(messagesText.couldNotReadNotes, bridge.releaseNotes()))
  return (
    <>
      <Button onPress={() => void show()}>{messagesText.whatsNew}</Button>
      {notes !== null && <WhatsNewDialog notes={notes} onClose={() => setNotes(null)} />}
    </>
  )
}

function WhatsNewDialog({ notes, onClose }: { readonly notes: ReleaseNotes; readonly onClose: () => void }) {
  return (
    <Dialog label={messagesText.whatsNewIn(notes.version)} kind="sheet" onClose={onClose}>
      <header>
        <h2>{messagesText.whatsNewIn(notes.version)}</h2>
        <CloseButton autoFocus onPress={onClose} />
      </header>
      <div className="dialog-body release-notes" tabIndex={0}>
        {notes.sections.map(({ title, entries }) => (
          <section key={title}>
            <h3>{title}</h3>
            <ul>
              {entries.map((entry, index) => (
                <li key={index}>
                  <Entry entry={entry} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  )
}

function Entry({ entry }: { readonly entry: ReleaseNote }) {
  return entry.map(({ kind, text }, index) => {
    if (kind === 'code') return <code key={index}>{text}</code>
    return kind === 'name' ? <em key={index}>{text}</em> : text
  })
}
