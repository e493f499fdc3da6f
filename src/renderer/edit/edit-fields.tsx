import type { EditField, EditForm } from '../../core/changes/edit-form'
import type { ShownConfiguration } from '../../core/changes/pod-edit'
import { MAX_ARGUMENTS_CHARS } from '../../core/pods/pod-request'
import { Button } from '../ui/button'
import { Choice } from '../ui/controls/choice'
import { FormField } from '../ui/controls/form-field'
import { editText, variablesHelp, variableText } from './edit-text'

interface PartProps {
  readonly form: EditForm
  readonly configuration: ShownConfiguration
  readonly set: (change: Partial<EditForm>) => void
}

interface FieldsProps extends PartProps {
  readonly problemOf: (field: EditField) => string | null
}

const networkingOptions = [
  { id: 'on', label: editText.on },
  { id: 'off', label: editText.off },
] as const

/** What the image is started with. */
export function StartFields({ form, configuration, set, problemOf }: FieldsProps) {
  const { args, isRegistryKnown, hasGlobalNetworking } = configuration
  const networkingProblem = problemOf('hasGlobalNetworking')
  return (
    <>
      <FormField
        label={editText.arguments}
        value={form.args}
        maxLength={MAX_ARGUMENTS_CHARS}
        onChange={(text) => set({ args: text })}
        help={args === null ? editText.argumentsHidden : editText.argumentsHelp}
        problem={problemOf('args')}
      />
      <div className="form-row">
        <FormField
          label={editText.registry}
          value={form.registryId}
          maxLength={200}
          onChange={(registryId) => set({ registryId })}
          help={isRegistryKnown ? editText.registryHelp : editText.registryHidden}
          problem={problemOf('registryId')}
        />
        <div>
          <Choice
            label={editText.networking}
            options={
              hasGlobalNetworking === null
                ? [{ id: 'unknown', label: editText.notKnown }, ...networkingOptions]
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
        label={editText.containerDisk}
        value={form.containerDiskGb}
        unit="GB"
        onChange={(size) => set({ containerDiskGb: size })}
        {...(containerDiskGb === null && { help: editText.sizeHidden })}
        problem={problemOf('containerDiskGb')}
      />
      {form.persistentGb !== null && storage?.kind === 'persistent' ? (
        <FormField
          label={editText.persistentDiskAt(storage.path)}
          value={form.persistentGb}
          unit="GB"
          onChange={(persistentGb) => set({ persistentGb })}
          help={editText.onlyGrows}
          problem={problemOf('persistentGb')}
        />
      ) : (
        <p className="form-note">
          {storage === null
            ? editText.mountsUnknown
            : storage.kind === 'network'
              ? editText.networkVolumeAt(storage.path)
              : editText.noPersistentDisk}
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
  if (variables === null) return <p className="form-note">{editText.variablesHidden}</p>
  return (
    <>
      {variables.length > 0 && (
        <div role="group" aria-label={editText.variables}>
          <span className="form-label">{editText.variables}</span>
          <ul className="edit-variables">
            {variables.map((variable) => {
              const { name } = variable
              const isRemoved = removed.includes(name)
              return (
                <li key={name} className={isRemoved ? 'removed' : undefined}>
                  <code>{name}</code>
                  <span className="cap">{isRemoved ? editText.willBeRemoved : variableText(variable)}</span>
                  <Button
                    kind="bare"
                    label={isRemoved ? editText.keepVariable(name) : editText.removeVariable(name)}
                    onPress={() =>
                      set({
                        removedVariables: isRemoved
                          ? removed.filter((one) => one !== name)
                          : [...removed, name],
                      })
                    }
                  >
                    {isRemoved ? editText.keep : editText.remove}
                  </Button>
                </li>
              )
            })}
          </ul>
        </div>
      )}
      <FormField
        label={editText.addVariables}
        value={form.environment}
        lines={3}
        maxLength={60_000}
        onChange={(environment) => set({ environment })}
        placeholder={editText.variablesPlaceholder}
        help={variablesHelp(secretNames)}
        problem={problem}
      />
    </>
  )
}
