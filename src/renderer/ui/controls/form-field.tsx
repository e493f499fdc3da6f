import './form-field.css'
import type { ReactNode } from 'react'
import { FieldError, Input, Label, Text, TextArea, TextField } from 'react-aria-components'

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
  const { label, value, onChange, unit, help, problem = null, lines, placeholder } = props
  const input = {
    autoComplete: 'off',
    spellCheck: false,
    ...(placeholder !== undefined && { placeholder }),
  } as const
  return (
    <TextField
      className="form-field"
      value={value}
      onChange={onChange}
      isInvalid={problem !== null}
      validationBehavior="aria"
      autoFocus={props.autoFocus ?? false}
      maxLength={props.maxLength ?? 4_000}
    >
      <Label>{label}</Label>
      <span className="form-box">
        {lines === undefined ? <Input {...input} /> : <TextArea rows={lines} wrap="off" {...input} />}
        {unit !== undefined && <span className="unit">{unit}</span>}
      </span>
      {help !== undefined && problem === null && <Text slot="description">{help}</Text>}
      <FieldError>{problem}</FieldError>
    </TextField>
  )
}

/** Enter in a field sends the form, whose button is in the footer of its dialog. */
export const SubmitByEnter = () => <button type="submit" hidden />
