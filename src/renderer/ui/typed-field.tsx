import { type ReactNode, useState } from 'react'
import { FieldError, Input, Label, Text, TextField } from 'react-aria-components'

interface TypedFieldProps {
  readonly label: string
  readonly help: ReactNode
  readonly kind: 'number' | 'text' | 'time'
  /** Shown after the field. */
  readonly unit: string | null
  readonly placeholder: string
  /** The current value as text. */
  readonly value: string
  /** Why the draft is invalid, as a sentence; null when valid. */
  readonly validate: (draft: string) => string | null
  /** What is wrong with the current value. */
  readonly refusal?: string | undefined
  /** Resolves to the reason for a rejection, or to null. */
  readonly onCommit: (draft: string) => Promise<string | null>
}

/** A text field that validates on each keystroke and commits on blur or Enter. */
export function TypedField(props: TypedFieldProps) {
  const { label, help, kind, unit, placeholder, value, validate, refusal, onCommit } = props
  /** Null when nothing was typed; the field then shows the current value. */
  const [draft, setDraft] = useState<string | null>(null)
  const [rejection, setRejection] = useState<string | null>(null)
  const problem = draft === null ? null : validate(draft)
  const reason = problem ?? rejection ?? refusal ?? null

  const reset = (): void => {
    setDraft(null)
    setRejection(null)
  }
  const commit = async (): Promise<void> => {
    if (draft === null || problem !== null) return
    const why = draft === value ? null : await onCommit(draft)
    if (why === null) reset()
    else setRejection(why)
  }

  return (
    <TextField
      className="setting"
      value={draft ?? value}
      isInvalid={reason !== null}
      validationBehavior="aria"
      onChange={(text) => {
        setDraft(text)
        setRejection(null)
      }}
      onBlur={() => void commit()}
    >
      <Label>{label}</Label>
      <Text slot="description">{help}</Text>
      <span className="typed">
        <Input
          type={kind === 'time' ? 'time' : 'text'}
          className={`typed-${kind}`}
          inputMode={kind === 'number' ? 'decimal' : 'text'}
          autoComplete="off"
          spellCheck={false}
          placeholder={placeholder}
          onKeyDown={(event) => {
            if (event.key === 'Enter') void commit()
            if (event.key === 'Escape' && draft !== null) {
              // Escape discards the draft without closing a surrounding dialog.
              event.preventDefault()
              event.stopPropagation()
              reset()
            }
          }}
        />
        {unit !== null && <span className="unit">{unit}</span>}
      </span>
      <FieldError>{reason}</FieldError>
    </TextField>
  )
}
