import { useEffect, useState, useSyncExternalStore } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import type { ConfirmationView } from '../../core/confirmation/confirmation-prompt'
import { Button } from '../ui/button'
import { PassphraseForm } from './passphrase-form'
import type { QuestionStore } from './question-store'

/**
 * Shows the question and its answer field. The main process validates the answer, so it is passed on
 * unchanged.
 */
export function ConfirmPage({ questionStore }: { readonly questionStore: QuestionStore }) {
  const view = useSyncExternalStore(questionStore.subscribe, questionStore.view)
  useEffect(() => {
    const onKeyDown = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') void questionStore.answer(null)
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [questionStore])
  // The key gives each question a new form, so that text typed for one question never answers another.
  if (view?.kind === 'passphrase')
    return <PassphraseForm key={`passphrase-${view.revision}`} view={view} answer={questionStore.answer} />
  return view && <ConfirmForm key={view.revision} view={view} answer={questionStore.answer} />
}

interface ConfirmFormProps {
  readonly view: ConfirmationView
  readonly answer: QuestionStore['answer']
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
  const warning = refusal ?? view.changeNotice
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
          isDisabled={isSending || !view.acceptedInputs.includes(typed)}
          onPress={() => void send(typed)}
        >
          {view.confirmLabel}
        </AriaButton>
      </footer>
    </main>
  )
}
