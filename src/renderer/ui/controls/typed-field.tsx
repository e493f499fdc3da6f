import { type ReactNode, useRef, useState } from 'react'
import { FieldError, Input, Label, Text, TextField } from 'react-aria-components'

interface Typed {
  readonly kind: 'number' | 'text' | 'time'
  /** Shown after the field. */
  readonly unit: string | null
  readonly placeholder: string
  /** The current value as text. */
  readonly value: string
  /** Why the draft is invalid, as a sentence; null when valid. */
  readonly validate: (draft: string) => string | null
  /** What was understood of a draft that is written in another way than the value is shown. */
  readonly understood?: (draft: string) => string | null
  /** Resolves to the reason for a rejection, or to null. */
  readonly onCommit: (draft: string) => Promise<string | null>
}

/** A draft that is validated on each keystroke and committed on blur or Enter; Escape discards it. */
function useDraft({ value, validate, onCommit }: Typed, onProblem?: (reason: string | null) => void) {
  /** Null when nothing was typed; the field then shows the current value. */
  const [draft, setDraft] = useState<string | null>(null)
  const [rejection, setRejection] = useState<string | null>(null)
  const changes = useRef(0)
  /** The draft on its way: Enter and then leaving the field sends it once. */
  const sent = useRef<string | null>(null)
  const problem = draft === null ? null : validate(draft)
  const show = (why: string | null): void => {
    setRejection(why)
    onProblem?.(why)
  }
  const discard = (): void => {
    setDraft(null)
    show(null)
  }
  const send = async (text: string): Promise<string | null> => {
    sent.current = text
    try {
      return await onCommit(text)
    } finally {
      if (sent.current === text) sent.current = null
    }
  }
  const commit = async (): Promise<void> => {
    if (draft === null || problem !== null || draft === sent.current) return
    const changesBefore = changes.current
    const why = draft === value ? null : await send(draft)
    // What was typed meanwhile stays, and the answer isn't about it.
    if (changes.current !== changesBefore) return
    if (why === null) discard()
    else show(why)
  }
  return {
    draft,
    text: draft ?? value,
    reason: problem ?? rejection,
    onChange: (text: string) => {
      changes.current += 1
      setDraft(text)
      setRejection(null)
      onProblem?.(validate(text))
    },
    onBlur: () => void commit(),
    onKeyDown: (event: React.KeyboardEvent) => {
      if (event.key === 'Enter') void commit()
      if (event.key === 'Escape' && draft !== null) {
        // Escape discards the draft without closing a surrounding dialog.
        event.preventDefault()
        event.stopPropagation()
        discard()
      }
    },
  }
}

interface TypedFieldProps extends Typed {
  readonly label: string
  readonly help: ReactNode
  /** What is wrong with the current value. */
  readonly refusal?: string | undefined
  readonly autoFocus?: boolean
}

/** A text field with its label, help and error. */
export function TypedField(props: TypedFieldProps) {
  const { label, help, kind, unit, placeholder, refusal, understood, autoFocus = false } = props
  const field = useDraft(props)
  const reason = field.reason ?? refusal ?? null
  return (
    <TextField
      className="setting"
      autoFocus={autoFocus}
      value={field.text}
      isInvalid={reason !== null}
      validationBehavior="aria"
      onChange={field.onChange}
      onBlur={field.onBlur}
    >
      <Label>{label}</Label>
      <Text slot="description">{help}</Text>
      <TypedBox kind={kind} unit={unit} placeholder={placeholder} field={field} understood={understood} />
      <FieldError>{reason}</FieldError>
    </TextField>
  )
}

interface TypedInputProps extends Typed {
  readonly label: string
  readonly describedBy: string
  /** An amount is as narrow as a number. */
  readonly isAmount?: boolean
  /** Called with the error to show elsewhere, and with null when there is none any more. */
  readonly onProblem: (reason: string | null) => void
}

/** The field alone; its label, help and error are elsewhere. */
export function TypedInput(props: TypedInputProps) {
  const { kind, unit, placeholder, label, describedBy, onProblem, understood, isAmount = false } = props
  const field = useDraft(props, onProblem)
  return (
    <TextField
      value={field.text}
      isInvalid={field.reason !== null}
      validationBehavior="aria"
      aria-label={label}
      aria-describedby={describedBy}
      onChange={field.onChange}
      onBlur={field.onBlur}
    >
      <TypedBox
        kind={isAmount ? 'number' : kind}
        unit={unit}
        placeholder={placeholder}
        field={field}
        understood={understood}
      />
    </TextField>
  )
}

interface TypedBoxProps extends Pick<Typed, 'kind' | 'unit' | 'placeholder'> {
  readonly field: ReturnType<typeof useDraft>
  readonly understood: Typed['understood']
}

function TypedBox({ kind, unit, placeholder, field, understood }: TypedBoxProps) {
  const meaning = field.draft === null || field.reason !== null ? null : (understood?.(field.draft) ?? null)
  return (
    <span className="typed">
      {meaning !== null && (
        <span className="meaning" role="status">
          = {meaning}
        </span>
      )}
      <Input
        type={kind === 'time' ? 'time' : 'text'}
        className={`typed-${kind}`}
        inputMode={kind === 'number' ? 'decimal' : 'text'}
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        onKeyDown={field.onKeyDown}
      />
      {unit !== null && <span className="unit">{unit}</span>}
    </span>
  )
}
