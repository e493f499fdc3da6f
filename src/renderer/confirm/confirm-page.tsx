import { useEffect, useState, useSyncExternalStore } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import { CHOSEN, isAcceptedInput } from '../../core/confirmation/confirmation'
import type { QuestionView } from '../../core/confirmation/question-queue'
import { Button } from '../ui/button'
import type { QuestionStore } from './question-store'
import { commonText } from '../ui/common-text'
import { SCRIPT_LABEL } from './confirm-text'

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
  return (
    view && <QuestionForm key={`${view.revision} ${view.title}`} view={view} answer={questionStore.answer} />
  )
}

interface QuestionFormProps {
  readonly view: QuestionView
  readonly answer: QuestionStore['answer']
}

/**
 * How long a question is shown before its button works, ms: a click or key that was meant for the window below
 * must not answer it.
 */
const READING_MS = 600

function QuestionForm({ view, answer }: QuestionFormProps) {
  const { title, lines, script, field, choice, confirmLabel, isHarmful, isDestructive } = view
  const { scriptLabel = SCRIPT_LABEL, cancelLabel = commonText.cancel } = view
  const [typed, setTyped] = useState('')
  const [isChosen, setChosen] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const [isSending, setIsSending] = useState(false)
  const isReadable = useIsReadable()

  const send = async (text: string | null) => {
    setIsSending(true)
    if (field?.isSecret === true) setTyped('')
    setRefusal(await answer(text))
    setIsSending(false)
  }
  const isComplete =
    field === null || field.acceptedInputs !== null
      ? field?.acceptedInputs
        ? isAcceptedInput(field.acceptedInputs, typed)
        : isReadable
      : typed !== '' || (isReadable && (!field.isSecret || field.isOptional === true))
  const warning = refusal ?? view.warning
  return (
    <main className="confirm">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          // Enter in the field confirms only what does no harm.
          if (!isHarmful && typed !== '' && isComplete && !isSending) void send(typed)
        }}
      >
        <h1>{title}</h1>
        {lines.length > 0 && (
          <ul>
            {lines.map(({ tone, text }) => (
              <li key={text} className={tone}>
                <LineText text={text} />
              </li>
            ))}
          </ul>
        )}
        {script !== undefined && (
          <pre tabIndex={0} role="region" aria-label={scriptLabel}>
            {script}
          </pre>
        )}
        {warning !== null && (
          <p className="warning" role="alert">
            {warning}
          </p>
        )}
        {field !== null && (
          <>
            <label id="typed-label" htmlFor="typed">
              {field.label}
            </label>
            <input
              id="typed"
              type={field.isSecret ? 'password' : 'text'}
              value={typed}
              autoFocus={!isHarmful}
              autoComplete="off"
              spellCheck={false}
              maxLength={1_000}
              onChange={({ target }) => {
                setTyped(target.value)
                setRefusal(null)
              }}
            />
          </>
        )}
        {choice !== undefined && (
          <div className="choice">
            <input
              id="choice"
              type="checkbox"
              aria-describedby="consequence"
              checked={isChosen}
              onChange={({ target }) => setChosen(target.checked)}
            />
            <label htmlFor="choice">{choice.label}</label>
            <p id="consequence">{choice.consequence}</p>
          </div>
        )}
        <footer>
          <Button autoFocus={isHarmful} onPress={() => void send(null)}>
            {cancelLabel}
          </Button>
          <AriaButton
            className={isDestructive ? 'button danger' : 'button primary'}
            isDisabled={isSending || !isComplete}
            aria-describedby={field !== null && !isComplete ? 'typed-label' : undefined}
            onPress={() => void send(isChosen ? CHOSEN : typed)}
          >
            {confirmLabel}
          </AriaButton>
        </footer>
      </form>
    </main>
  )
}

/** Fingerprints are compared character by character, so their characters must not look alike. */
function LineText({ text }: { readonly text: string }) {
  const [before = '', fingerprint = '', after = ''] = text.split(/(SHA256:\S+)/)
  return (
    <span>
      {before}
      {fingerprint !== '' && <code>{fingerprint}</code>}
      {after}
    </span>
  )
}

/** False at first, so that nobody answers a question that they have not seen. */
function useIsReadable(): boolean {
  const [isReadable, setReadable] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setReadable(true), READING_MS)
    return () => clearTimeout(timer)
  }, [])
  return isReadable
}
