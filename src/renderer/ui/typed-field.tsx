import { type ReactNode, useState } from 'react'
import { FieldError, Input, Label, Text, TextField } from 'react-aria-components'

interface TypedFieldProps {
  readonly label: string
  readonly help: ReactNode
  readonly kind: 'number' | 'text' | 'time'
  /** Behind the field. */
  readonly unit: string | null
  readonly placeholder: string
  /** What holds, as it would be typed. */
  readonly value: string
  /** Why what is typed makes no sense, a sentence; null when it does. */
  readonly problemOf: (draft: string) => string | null
  /** What is wrong with what holds. */
  readonly refusal?: string | undefined
  /** Resolves to why it was refused, or to null. */
  readonly onCommit: (draft: string) => Promise<string | null>
}

/** A value that is typed. It is checked at each key and holds once the field is left, or at Enter. */
export function TypedField(props: TypedFieldProps) {
  const { label, help, kind, unit, placeholder, value, problemOf, refusal, onCommit } = props
  /** Null: nothing is being typed, the field shows what holds. */
  const [draft, setDraft] = useState<string | null>(null)
  const [refused, setRefused] = useState<string | null>(null)
  const problem = draft === null ? null : problemOf(draft)
  const reason = problem ?? refused ?? refusal ?? null

  const leave = (): void => {
    setDraft(null)
    setRefused(null)
  }
  const commit = async (): Promise<void> => {
    if (draft === null || problem !== null) return
    const why = draft === value ? null : await onCommit(draft)
    if (why === null) leave()
    else setRefused(why)
  }

  return (
    <TextField
      className="setting"
      value={draft ?? value}
      isInvalid={reason !== null}
      validationBehavior="aria"
      onChange={(text) => {
        setDraft(text)
        setRefused(null)
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
              // Takes back what was typed, and closes nothing around it.
              event.preventDefault()
              event.stopPropagation()
              leave()
            }
          }}
        />
        {unit !== null && <span className="unit">{unit}</span>}
      </span>
      <FieldError>{reason}</FieldError>
    </TextField>
  )
}
