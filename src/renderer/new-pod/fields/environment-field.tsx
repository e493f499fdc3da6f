import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { secretReference } from '../../../core/creation/create-plan'
import { Button } from '../../ui/button'
import { InputField } from './fields'
import { useNewPod } from '../state/new-pod-context'
import { environmentText } from './fields-text'

/** Variables of the pod. Their values are kept in memory only. */
export function EnvironmentField() {
  const { form, context, change, draft } = useNewPod()
  const secrets = context.secretNames ?? []
  const copied = draft.prefilled?.copied?.names ?? []
  const add = (name: string): void => {
    const line = `${variableName(name)}=${secretReference(name)}`
    change({ environment: [form.environment.trimEnd(), line].filter((each) => each !== '').join('\n') })
  }
  return (
    <div className="new-environment">
      <InputField
        field="environment"
        label={environmentText.label}
        rows={3}
        placeholder={environmentText.example}
        value={form.environment}
        onChange={(environment) => change({ environment })}
        hint={environmentText.hint}
      />
      {copied.length > 0 && <p className="new-hint">{environmentText.copied(copied)}</p>}
      {secrets.length > 0 && (
        <MenuTrigger>
          <Button kind="bare" icon="lock">
            {environmentText.addSecret}
          </Button>
          <Popover className="menu-popover" offset={4}>
            <Menu className="menu" aria-label={environmentText.secrets} onAction={(key) => add(String(key))}>
              {secrets.map((name) => (
                <MenuItem key={name} id={name} className="menu-item">
                  {name}
                </MenuItem>
              ))}
            </Menu>
          </Popover>
        </MenuTrigger>
      )}
    </div>
  )
}

/** What a variable with this secret is likely called. */
function variableName(secretName: string): string {
  const name = secretName.toUpperCase().replaceAll(/[^A-Z0-9_]/g, '_')
  return /^[A-Z_]/.test(name) ? name : `_${name}`
}
