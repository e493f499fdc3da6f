import './fields.css'
import { type ReactNode, useId } from 'react'
import { FieldError, Input, Label, Switch, Text, TextArea, TextField } from 'react-aria-components'
import { type FormField, type PodForm, problemText } from '../../../core/creation/form/pod-form'
import { useNewPod } from '../state/new-pod-context'

/** The fields whose value is what was typed. */
type TextFieldName = {
  [K in keyof PodForm]: PodForm[K] extends string ? K : never
}[keyof PodForm]

interface InputFieldProps {
  readonly field: FormField
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly placeholder?: string
  readonly unit?: string
  readonly hint?: ReactNode
  /** Number of lines; absent: one. */
  readonly rows?: number
  readonly inputMode?: 'decimal' | 'text'
  /** An error is shown at the field before it. */
  readonly isSecond?: boolean
}

/** A field with its label, hint and what is wrong with it. */
export function InputField(props: InputFieldProps) {
  const {
    field,
    label,
    value,
    onChange,
    placeholder = '',
    unit,
    hint,
    rows,
    inputMode = 'text',
    isSecond = false,
  } = props
  const { problemsOf, touch } = useNewPod()
  const problems = isSecond ? [] : problemsOf(field)
  const common = { autoComplete: 'off', spellCheck: false as const, placeholder }
  return (
    <TextField
      className="new-field"
      value={value}
      isInvalid={problems.length > 0}
      validationBehavior="aria"
      data-field={field}
      onChange={onChange}
      onBlur={() => touch(field)}
    >
      <Label>{label}</Label>
      {rows === undefined ? (
        <span className="new-input">
          <Input {...common} inputMode={inputMode} />
          {unit !== undefined && <span className="new-unit">{unit}</span>}
        </span>
      ) : (
        <TextArea {...common} className="new-lines" rows={rows} />
      )}
      {hint !== undefined && <Text slot="description">{hint}</Text>}
      <FieldError>
        {problems.map((problem) => (
          <span key={problemText(problem)}>{problemText(problem)}</span>
        ))}
      </FieldError>
    </TextField>
  )
}

/** A field of the form that is a text. */
export function FormInput({
  field,
  ...props
}: Omit<InputFieldProps, 'field' | 'value' | 'onChange'> & { readonly field: TextFieldName }) {
  const { draft, change } = useNewPod()
  return (
    <InputField
      {...props}
      field={field}
      value={draft.form[field]}
      onChange={(value) => change({ [field]: value })}
    />
  )
}

/** What is wrong with a field that is no text. */
export function FieldProblems({ field }: { readonly field: FormField }) {
  const problems = useNewPod().problemsOf(field)
  return problems.length === 0 ? null : (
    <p className="new-problem">
      {problems.map((problem) => (
        <span key={problemText(problem)}>{problemText(problem)}</span>
      ))}
    </p>
  )
}

interface SwitchRowProps {
  readonly label: string
  readonly isOn: boolean
  readonly onChange: (isOn: boolean) => void
  readonly hint?: ReactNode
  readonly children?: ReactNode
}

/** A switch with its label, and at the end what it is about. */
export function SwitchRow({ label, isOn, onChange, hint, children }: SwitchRowProps) {
  const hintId = useId()
  return (
    <div className="new-switch">
      <Switch
        className="switch"
        isSelected={isOn}
        onChange={onChange}
        aria-label={label}
        aria-describedby={hint === undefined ? undefined : hintId}
      >
        <span className="knob" />
      </Switch>
      <span className="new-switch-label" aria-hidden="true">
        {label}
      </span>
      {children}
      {hint !== undefined && (
        <span className="new-hint" id={hintId}>
          {hint}
        </span>
      )}
    </div>
  )
}
