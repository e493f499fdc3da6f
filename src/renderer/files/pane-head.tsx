import { useState } from 'react'
import { displayName } from '../../core/files/file-name'
import { isPlainName } from '../../core/files/files-view'
import { Button } from '../ui/button'
import { commonText } from '../ui/common-text'
import { FormField, SubmitByEnter } from '../ui/controls/form-field'
import { filesPageText } from './files-text'

interface PaneHeadProps {
  readonly title: string
  readonly isReading: boolean
  readonly selectedCount: number
  /** Whether a folder is shown, and whether another one is above it. */
  readonly isOpen: boolean
  readonly isTop: boolean
  readonly onUp: () => void
  readonly onRefresh: () => void
}

export function PaneHead({ title, isReading, selectedCount, isOpen, isTop, onUp, onRefresh }: PaneHeadProps) {
  return (
    <header>
      <h2>{title}</h2>
      <span className="cap">{isReading ? filesPageText.listing : filesPageText.selected(selectedCount)}</span>
      {isOpen && (
        <>
          <Button
            kind="bare"
            icon="up"
            label={filesPageText.up}
            whyNot={isTop ? filesPageText.isTop : null}
            onPress={onUp}
          />
          <Button kind="bare" icon="refresh" label={filesPageText.refresh} onPress={onRefresh} />
        </>
      )}
    </header>
  )
}

/** The path of the shown folder, which can be typed. */
export function PathField({ path, onGo }: { readonly path: string; readonly onGo: (path: string) => void }) {
  const shown = displayName(path)
  const [typed, setTyped] = useState(shown)
  return (
    <form
      className="path-form"
      onSubmit={(event) => {
        event.preventDefault()
        // What can't be seen in it would be lost by reading it back.
        if (typed === shown) onGo(path)
        else if (typed !== '') onGo(typed.startsWith('/') ? typed : `${path.replace(/\/$/, '')}/${typed}`)
      }}
    >
      <FormField label={filesPageText.folder} value={typed} onChange={setTyped} maxLength={4_096} />
      <SubmitByEnter />
    </form>
  )
}

interface NameFormProps {
  readonly label: string
  /** What is there at first; empty for a new name. */
  readonly initial: string
  readonly doLabel: string
  readonly onDone: (name: string) => void
  readonly onCancel: () => void
}

/** Asks for a name. */
export function NameForm({ label, initial, doLabel, onDone, onCancel }: NameFormProps) {
  const [name, setName] = useState(initial)
  const isUsable = isPlainName(name) && name !== initial
  const submit = () => {
    if (isUsable) onDone(name)
  }
  return (
    <form
      className="new-folder"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancel()
      }}
    >
      <FormField
        label={label}
        value={name}
        onChange={setName}
        maxLength={255}
        autoFocus
        problem={name === '' || isPlainName(name) ? null : filesPageText.badName}
      />
      <Button isDisabled={!isUsable} onPress={submit}>
        {doLabel}
      </Button>
      <Button onPress={onCancel}>{commonText.cancel}</Button>
      <SubmitByEnter />
    </form>
  )
}
