import './snippets.css'
import { useState } from 'react'
import { MAX_SNIPPETS, type Snippet, snippetProblem } from '../../core/terminal/snippets'
import { settingRowId } from '../state/setting-row-id'
import { useSingleFlight } from '../state/hooks/use-single-flight'
import { Button } from '../ui/button'
import { commonText } from '../ui/common-text'
import { FormField, SubmitByEnter } from '../ui/controls/form-field'
import { Dialog } from '../ui/dialog'
import { snippetsText } from './snippets-text'
import { useSnippets } from './use-snippets'

/** The saved commands, and a button that adds one. */
export function SnippetsSection() {
  const { snippets, save } = useSnippets()
  /** The place of the one that is edited; null: none. */
  const [edited, setEdited] = useState<number | null>(null)
  const [status, setStatus] = useState('')
  const runOnce = useSingleFlight()
  const all = snippets ?? []
  const remove = (index: number) =>
    runOnce(async () => {
      const problem = await save(all.filter((_, at) => at !== index))
      setStatus(problem ?? snippetsText.removed(all[index]?.name ?? ''))
      document.getElementById(settingRowId('snippets'))?.focus()
    })
  return (
    <div id={settingRowId('snippets')} className="snippet-rows" tabIndex={-1}>
      {all.map(({ name, command }, index) => (
        <div key={index} className="setting-row">
          <div className="setting">
            <span className="label-like">
              <bdi>{name}</bdi>
            </span>
            <span slot="description">
              <code>{command}</code>
            </span>
            <span className="controls">
              <Button label={snippetsText.editOf(name)} onPress={() => setEdited(index)}>
                {snippetsText.edit}
              </Button>
              <Button label={snippetsText.removeOf(name)} onPress={() => remove(index)}>
                {snippetsText.remove}
              </Button>
            </span>
          </div>
        </div>
      ))}
      <div className="setting-row">
        <div className="setting">
          <span className="label-like">{snippetsText.title}</span>
          <span slot="description">
            {all.length < MAX_SNIPPETS ? snippetsText.help : snippetsText.tooMany(MAX_SNIPPETS)}
          </span>
          <span className="controls">
            <Button
              isDisabled={snippets === null || all.length >= MAX_SNIPPETS}
              whyNot={all.length < MAX_SNIPPETS ? null : snippetsText.tooMany(MAX_SNIPPETS)}
              onPress={() => setEdited(all.length)}
            >
              {snippetsText.add}
            </Button>
          </span>
        </div>
        <p className="cap" role="status">
          {status}
        </p>
      </div>
      {edited !== null && (
        <SnippetDialog
          before={all[edited] ?? null}
          onClose={() => setEdited(null)}
          onSave={(changed) => save([...all.slice(0, edited), changed, ...all.slice(edited + 1)])}
        />
      )}
    </div>
  )
}

interface SnippetDialogProps {
  /** Null: a new one. */
  readonly before: Snippet | null
  readonly onClose: () => void
  /** The error is a sentence. */
  readonly onSave: (snippet: Snippet) => Promise<string | null>
}

function SnippetDialog({ before, onClose, onSave }: SnippetDialogProps) {
  const [snippet, setSnippet] = useState<Snippet>(before ?? { name: '', command: '' })
  const [problem, setProblem] = useState<string | null>(null)
  const runOnce = useSingleFlight()
  const title = before === null ? snippetsText.addTitle : snippetsText.editTitle
  const change = (part: Partial<Snippet>): void => {
    setSnippet({ ...snippet, ...part })
    setProblem(null)
  }
  const submit = async (): Promise<void> => {
    const trimmed = { name: snippet.name.trim(), command: snippet.command.trim() }
    const found = snippetProblem(trimmed) ?? (await onSave(trimmed))
    if (found === null) onClose()
    else setProblem(found)
  }
  return (
    <Dialog label={title} kind="sheet" onClose={onClose}>
      <header>
        <h2>{title}</h2>
      </header>
      <form
        className="dialog-body snippet-form"
        onSubmit={(event) => {
          event.preventDefault()
          runOnce(submit)
        }}
      >
        <FormField
          label={snippetsText.name}
          value={snippet.name}
          onChange={(name) => change({ name })}
          autoFocus
        />
        <FormField
          label={snippetsText.command}
          value={snippet.command}
          onChange={(command) => change({ command })}
          help={snippetsText.values}
          problem={problem}
        />
        <SubmitByEnter />
      </form>
      <footer>
        <Button onPress={onClose}>{commonText.cancel}</Button>
        <Button kind="primary" onPress={() => runOnce(submit)}>
          {snippetsText.save}
        </Button>
      </footer>
    </Dialog>
  )
}
