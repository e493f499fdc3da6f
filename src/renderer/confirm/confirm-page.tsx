import { useCallback, useEffect, useRef, useState } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import type { ConfirmationView } from '../../core/confirmation-desk'
import type { ConfirmationBridge } from '../../shared/confirmation'
import { Button } from '../ui/button'

declare global {
  interface Window {
    readonly confirmation: ConfirmationBridge
  }
}

/** How often the question is asked for anew, ms: the pod may change while it stands. */
const LOOK_EVERY_MS = 1_000

/** What is to be destroyed, and the field for its name. It decides nothing: what was typed goes to the app as it is. */
export function ConfirmPage() {
  const [view, setView] = useState<ConfirmationView | null>(null)
  const [typed, setTyped] = useState('')
  const [refusal, setRefusal] = useState<string | null>(null)
  const [isSending, setIsSending] = useState(false)
  const revision = useRef<number | null>(null)

  const refresh = useCallback(async () => {
    const asked = await window.confirmation.confirmation()
    if (!asked.ok || asked.value === null) return
    // Another question: what was typed was no answer to it.
    if (revision.current !== asked.value.revision) setTyped('')
    revision.current = asked.value.revision
    setView(asked.value)
  }, [])

  useEffect(() => {
    void refresh()
    const timer = setInterval(() => void refresh(), LOOK_EVERY_MS)
    return () => clearInterval(timer)
  }, [refresh])

  const answer = useCallback(
    async (text: string | null) => {
      if (view === null) return
      setIsSending(true)
      const answered = await window.confirmation.answerConfirmation(view.token, text)
      setIsSending(false)
      if (!answered.ok) setRefusal(answered.error.message)
      else if (answered.value.kind === 'refused') setRefusal(answered.value.message)
      await refresh()
    },
    [view, refresh],
  )

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape') void answer(null)
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [answer])

  if (view === null) return null
  const warning = view.changed ?? refusal
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
          {refusal ?? warning}
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
        <Button autoFocus onPress={() => void answer(null)}>
          Cancel
        </Button>
        <AriaButton
          className="button danger"
          isDisabled={isSending || !view.accepts.includes(typed)}
          onPress={() => void answer(typed)}
        >
          {view.verb}
        </AriaButton>
      </footer>
    </main>
  )
}
