import type { EditField, EditForm } from '../../core/changes/edit-form'
import type { ShownConfiguration } from '../../core/changes/pod-edit'
import { Button } from '../ui/button'
import { Choice } from '../ui/controls/choice'
import { FormField } from '../ui/controls/form-field'
import { variablesHelp, variableText } from './edit-text'

interface PartProps {
  readonly form: EditForm
  readonly configuration: ShownConfiguration
  readonly set: (change: Partial<EditForm>) => void
}

interface FieldsProps extends PartProps {
  readonly problemOf: (field: EditField) => string | null
}

const networkingOptions = [
  { id: 'on', label: 'On' },
  { id: 'off', label: 'Off' },
] as const

/** What the image is started with. */
export function StartFields({ form, configuration, set, problemOf }: FieldsProps) {
  const { args, isRegistryKnown, hasGlobalNetworking } = configuration
  const networkingProblem = problemOf('hasGlobalNetworking')
  return (
    <>
      <FormField
        label="Arguments"
        value={form.args}
        maxLength={4_000}
        onChange={(text) => set({ args: text })}
        help={
          args === null
            ? 'Runpod doesn’t show the present ones. They stay unless you enter others.'
            : 'Empty: those of the image'
        }
        problem={problemOf('args')}
      />
      <div className="form-row">
        <FormField
          label="Registry credentials"
          value={form.registryId}
          maxLength={200}
          onChange={(registryId) => set({ registryId })}
          help={
            isRegistryKnown
              ? 'ID in Runpod, for private images'
              : 'Runpod doesn’t show whether it has any. They stay unless you enter an ID.'
          }
          problem={problemOf('registryId')}
        />
        <div>
          <Choice
            label="Global networking"
            options={
              hasGlobalNetworking === null
                ? [{ id: 'unknown', label: 'Not known' }, ...networkingOptions]
                : networkingOptions
            }
            chosen={form.hasGlobalNetworking === null ? 'unknown' : form.hasGlobalNetworking ? 'on' : 'off'}
            onChoose={(id) => set({ hasGlobalNetworking: id === 'unknown' ? null : id === 'on' })}
          />
          {networkingProblem !== null && (
            <p className="form-problem" role="alert">
              {networkingProblem}
            </p>
          )}
        </div>
      </div>
    </>
  )
}

export function DiskFields({
  form,
  configuration: { containerDiskGb, storage },
  set,
  problemOf,
}: FieldsProps) {
  return (
    <div className="form-row">
      <FormField
        label="Container disk"
        value={form.containerDiskGb}
        unit="GB"
        onChange={(size) => set({ containerDiskGb: size })}
        {...(containerDiskGb === null && { help: 'Runpod doesn’t show its size.' })}
        problem={problemOf('containerDiskGb')}
      />
      {form.persistentGb !== null && storage?.kind === 'persistent' ? (
        <FormField
          label={`Persistent disk at ${storage.path}`}
          value={form.persistentGb}
          unit="GB"
          onChange={(persistentGb) => set({ persistentGb })}
          help="It can only grow."
          problem={problemOf('persistentGb')}
        />
      ) : (
        <p className="form-note">
          {storage === null
            ? 'Podkeeper couldn’t read what is mounted.'
            : storage.kind === 'network'
              ? `Its network volume at ${storage.path} can be grown on the Volumes page.`
              : 'A persistent disk can’t be added to an existing pod.'}
        </p>
      )}
    </div>
  )
}

interface VariablesProps extends PartProps {
  readonly secretNames: readonly string[] | null
  readonly problem: string | null
}

/** Values are neither read nor shown: those that stay are kept by main. */
export function VariableFields({
  form,
  configuration: { variables },
  secretNames,
  set,
  problem,
}: VariablesProps) {
  const { removedVariables: removed } = form
  if (variables === null)
    return (
      <p className="form-note">
        Runpod doesn’t show this pod’s variables to this key, so they can’t be changed without losing some.
      </p>
    )
  return (
    <>
      {variables.length > 0 && (
        <div role="group" aria-label="Variables">
          <span className="form-label">Variables</span>
          <ul className="edit-variables">
            {variables.map((variable) => {
              const { name } = variable
              const isRemoved = removed.includes(name)
              return (
                <li key={name} className={isRemoved ? 'removed' : undefined}>
                  <code>{name}</code>
                  <span className="cap">{isRemoved ? 'will be removed' : variableText(variable)}</span>
                  <Button
                    kind="bare"
                    label={isRemoved ? `Keep ${name}` : `Remove ${name}`}
                    onPress={() =>
                      set({
                        removedVariables: isRemoved
                          ? removed.filter((one) => one !== name)
                          : [...removed, name],
                      })
                    }
                  >
                    {isRemoved ? 'Keep' : 'Remove'}
                  </Button>
                </li>
              )
            })}
          </ul>
        </div>
      )}
      <FormField
        label="Add or replace variables"
        value={form.environment}
        lines={3}
        maxLength={60_000}
        onChange={(environment) => set({ environment })}
        placeholder="NAME=value"
        help={variablesHelp(secretNames)}
        problem={problem}
      />
    </>
  )
}
