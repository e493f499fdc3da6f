import { useEffect, useState, useSyncExternalStore } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import type { ConfirmationView } from '../../core/confirmation/confirmation-prompt'
import { Button } from '../ui/button'
import { PassphraseForm } from './passphrase-form'
import type { Question } from './question'

/** The question, and the field for its answer. It decides nothing: what was typed goes to the app as it is. */
export function ConfirmPage({ question }: { readonly question: Question }) {
  const view = useSyncExternalStore(question.subscribe, question.view)
  useEffect(() => {
    const onKeyDown = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') void question.answer(null)
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [question])
  // Another question is another form: what was typed was no answer to it.
  if (view?.kind === 'passphrase')
    return <PassphraseForm key={`passphrase-${view.revision}`} view={view} answer={question.answer} />
  return view && <ConfirmForm key={view.revision} view={view} answer={question.answer} />
}

interface ConfirmFormProps {
  readonly view: ConfirmationView
  readonly answer: Question['answer']
}

function ConfirmForm({ view, answer }: ConfirmFormProps) {
  const [typed, setTyped] = useState('')
  const [refusal, setRefusal] = useState<string | null>(null)
  const [isSending, setIsSending] = useState(false)

  const send = async (text: string | null) => {
    setIsSending(true)
    setRefusal(await answer(text))
    setIsSending(false)
  }
  const warning = refusal ?? view.changed
  return (
    <main className="confirm">
      <h1>{view.title}</h1>
      <ul>
        {view.lines.map(({ tone, text }) => (
          <li key={text} className={tone}>
            {text}
          </li>
        ))}
      </ul>
      {warning !== null && (
        <p className="warning" role="alert">
          {warning}
        </p>
      )}
      <label htmlFor="typed">{view.label}</label>
      <input
        id="typed"
        value={typed}
        autoComplete="off"
        spellCheck={false}
        maxLength={300}
        onChange={({ target }) => {
          setTyped(target.value)
          setRefusal(null)
        }}
      />
      <footer>
        <Button autoFocus onPress={() => void send(null)}>
          Cancel
        </Button>
        <AriaButton
          className="button danger"
          isDisabled={isSending || !view.accepts.includes(typed)}
          onPress={() => void send(typed)}
        >
          {view.verb}
        </AriaButton>
      </footer>
    </main>
  )
}
