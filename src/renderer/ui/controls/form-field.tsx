import './form-field.css'
import { type ReactNode, useId } from 'react'
import { FieldError, Input, Label, Text, TextField } from 'react-aria-components'

interface FormFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  /** Shown after the field. */
  readonly unit?: string
  readonly help?: ReactNode
  /** What is wrong, as a sentence; null: nothing. */
  readonly problem?: string | null
  /** So many lines of text instead of one. */
  readonly lines?: number
  readonly placeholder?: string
  readonly autoFocus?: boolean
  readonly maxLength?: number
}

/** A field of a form that is sent as a whole, with its label above and its help or problem below. */
export function FormField(props: FormFieldProps) {
  const { label, value, onChange, unit, help, problem = null, placeholder } = props
  if (props.lines !== undefined) return <LinesField {...props} lines={props.lines} />
  return (
    <TextField
      className="form-field"
      value={value}
      onChange={onChange}
      isInvalid={problem !== null}
      validationBehavior="aria"
      autoFocus={props.autoFocus ?? false}
      maxLength={props.maxLength ?? MAX_CHARS}
    >
      <Label>{label}</Label>
      <span className="form-box">
        <Input autoComplete="off" spellCheck={false} placeholder={placeholder} />
        {unit !== undefined && <span className="unit">{unit}</span>}
      </span>
      {help !== undefined && problem === null && <Text slot="description">{help}</Text>}
      <FieldError>{problem}</FieldError>
    </TextField>
  )
}

const MAX_CHARS = 4_000

/** Several lines. The library's own control would be loaded with the first windows. */
function LinesField({
  label,
  value,
  onChange,
  lines,
  help,
  problem = null,
  ...props
}: FormFieldProps & { lines: number }) {
  const id = useId()
  const noteId = `${id}-note`
  return (
    <div className="form-field">
      <label htmlFor={id}>{label}</label>
      <span className="form-box">
        <textarea
          id={id}
          rows={lines}
          wrap="off"
          autoComplete="off"
          spellCheck={false}
          maxLength={props.maxLength ?? MAX_CHARS}
          placeholder={props.placeholder}
          aria-describedby={noteId}
          aria-invalid={problem !== null}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      </span>
      <span id={noteId} className={problem === null ? 'form-note' : 'form-problem'}>
        {problem ?? help}
      </span>
    </div>
  )
}

/** Enter in a field sends the form, whose button is in the footer of its dialog. */
export const SubmitByEnter = () => <button type="submit" hidden />
