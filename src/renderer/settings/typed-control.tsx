import { useState } from 'react'
import { FieldError, Input, Label, Text, TextField } from 'react-aria-components'
import type { SettingName, Settings } from '../../core/settings'
import type { NumberSetting, TextSetting } from '../../core/setting-list'
import { problemOfText, textOfValue, valueOfText } from './typed-text'

interface TypedControlProps {
  readonly name: SettingName
  readonly setting: NumberSetting | TextSetting
  readonly settings: Settings
  readonly refusedBySystem: string | undefined
  /** Resolves to why it was refused, or to null. */
  readonly onChange: (value: string | number | null) => Promise<string | null>
}

/** A setting that is typed. It is checked at each key and holds once the field is left, or at Enter. */
export function TypedControl({ name, setting, settings, refusedBySystem, onChange }: TypedControlProps) {
  /** Null: nothing is being typed, the field shows what holds. */
  const [draft, setDraft] = useState<string | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  const shown = draft ?? textOfValue(settings[name])
  const problem = draft === null ? null : problemOfText(name, draft, settings)
  const reason = problem ?? refusal ?? refusedBySystem ?? null

  const leave = (): void => {
    setDraft(null)
    setRefusal(null)
  }
  const commit = async (): Promise<void> => {
    if (draft === null || problem !== null) return
    const value = valueOfText(name, draft)
    if (value === settings[name]) {
      leave()
      return
    }
    const refused = await onChange(value)
    if (refused === null) leave()
    else setRefusal(refused)
  }

  return (
    <TextField
      className="setting"
      value={shown}
      isInvalid={reason !== null}
      validationBehavior="aria"
      onChange={(text) => {
        setDraft(text)
        setRefusal(null)
      }}
      onBlur={() => void commit()}
    >
      <Label>{setting.label}</Label>
      <Text slot="description">{setting.help}</Text>
      <span className="typed">
        <Input
          className={setting.kind === 'number' ? 'typed-number' : 'typed-text'}
          inputMode={setting.kind === 'number' ? 'decimal' : 'text'}
          autoComplete="off"
          spellCheck={false}
          placeholder={setting.kind === 'text' ? setting.none : ''}
          onKeyDown={(event) => {
            if (event.key === 'Enter') void commit()
            if (event.key === 'Escape') leave()
          }}
        />
        {setting.kind === 'number' && <span className="unit">{setting.unit}</span>}
      </span>
      <FieldError>{reason}</FieldError>
    </TextField>
  )
}
