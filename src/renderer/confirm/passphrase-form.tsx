import { useState } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import type { PassphraseView } from '../../core/confirmation/passphrase-prompt'
import type { QuestionStore } from './question-store'
import { Button } from '../ui/button'

interface PassphraseFormProps {
  readonly view: PassphraseView
  readonly answer: QuestionStore['answer']
}

/** Passes the passphrase to the main process and never stores it. */
export function PassphraseForm({ view, answer }: PassphraseFormProps) {
  const [typed, setTyped] = useState('')
  const [refusal, setRefusal] = useState<string | null>(null)
  const [isSending, setIsSending] = useState(false)

  const send = async (text: string | null) => {
    setIsSending(true)
    setTyped('')
    setRefusal(await answer(text))
    setIsSending(false)
  }
  const warning = refusal ?? view.warning
  return (
    <main className="confirm">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (typed !== '' && !isSending) void send(typed)
        }}
      >
        <h1>{view.title}</h1>
        {warning !== null && (
          <p className="warning" role="alert">
            {warning}
          </p>
        )}
        <label htmlFor="passphrase">{view.label}</label>
        <input
          id="passphrase"
          type="password"
          value={typed}
          autoFocus
          autoComplete="off"
          spellCheck={false}
          maxLength={1_000}
          onChange={({ target }) => setTyped(target.value)}
        />
        <footer>
          <Button onPress={() => void send(null)}>Cancel</Button>
          <AriaButton type="submit" className="button primary" isDisabled={isSending || typed === ''}>
            OK
          </AriaButton>
        </footer>
      </form>
    </main>
  )
}
