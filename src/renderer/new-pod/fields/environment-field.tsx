import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { secretReference } from '../../../core/creation/create-plan'
import { Button } from '../../ui/button'
import { InputField } from './fields'
import { useNewPod } from '../state/new-pod-context'

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
        label="Environment"
        rows={3}
        placeholder={'WANDB_PROJECT=llama\nHF_TOKEN={{ RUNPOD_SECRET_hf }}'}
        value={form.environment}
        onChange={(environment) => change({ environment })}
        hint="One NAME=value per line. Values aren’t saved; use account secrets for what must survive a restart."
      />
      {copied.length > 0 && (
        <p className="new-hint">
          Copied from the other pod: {copied.join(', ')}. A line above replaces the one of that name.
        </p>
      )}
      {secrets.length > 0 && (
        <MenuTrigger>
          <Button kind="bare" icon="lock">
            Add secret
          </Button>
          <Popover className="menu-popover" offset={4}>
            <Menu className="menu" aria-label="Account secrets" onAction={(key) => add(String(key))}>
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
