import { Button as AriaButton } from 'react-aria-components'
import { storageSentences } from '../../core/creation/form/form-storage'
import type { PodForm } from '../../core/creation/form/pod-form'
import { Button } from '../ui/button'
import { Choice } from '../ui/controls/choice'
import { Icon } from '../ui/icon'
import { EnvironmentField } from './fields/environment-field'
import { FieldProblems, FormInput, InputField, SwitchRow } from './fields/fields'
import { portsText } from './fields/fields-text'
import { GuardFields } from './fields/guard-fields'
import { SourceNote } from './form-notes'
import { useNewPod } from './state/new-pod-context'
import { stoppedDiskText, templateStorageText, volumeText } from './new-pod-text'
import { SshFields } from './fields/ssh-fields'
import { TemplateField } from './fields/template-field'
import { optionsText } from './options-text'

/** What the pod runs, what it keeps and how it is reached. */
export function OptionsPanel() {
  const { form, suggestedName, template } = useNewPod()
  return (
    <section className="new-card" aria-labelledby="new-options">
      <h2 id="new-options" className="unseen">
        {optionsText.title}
      </h2>
      <SourceNote />
      <FormInput field="name" label={optionsText.name} placeholder={suggestedName} />
      {form.hardware === 'gpu' && <CountField />}
      <TemplateField />
      <FormInput
        field="image"
        label={optionsText.image}
        placeholder={template === null ? optionsText.exampleImage : template.image}
        {...(template !== null && form.image === '' && { hint: optionsText.fromTemplate })}
      />
      <StorageFields />
      <FormInput
        field="containerDiskGb"
        label={optionsText.containerDisk}
        unit="GB"
        inputMode="decimal"
        placeholder={String(template?.containerDiskGb ?? 50)}
        {...(template?.containerDiskGb != null &&
          form.containerDiskGb === '' && { hint: optionsText.fromTemplate })}
      />
      <PortsField />
      <EnvironmentField />
      <SshFields />
      <MoreOptions />
      <hr />
      <GuardFields />
    </section>
  )
}

/** How many GPUs, as many as any of the chosen types can have. */
function CountField() {
  const { form, context, change } = useNewPod()
  const max = Math.max(
    1,
    ...form.clouds.flatMap((cloud) =>
      (context.gpus[cloud] ?? [])
        .filter(({ id }) => form.gpuTypeIds.length === 0 || form.gpuTypeIds.includes(id))
        .map(({ maxCount }) => maxCount[cloud]),
    ),
  )
  return (
    <div data-field="gpuCount">
      <div className="new-field" role="group" aria-label={optionsText.gpus}>
        <span className="new-label" aria-hidden="true">
          {optionsText.gpus}
        </span>
        <span className="new-count">
          <AriaButton
            aria-label={optionsText.fewer}
            data-why-not={form.gpuCount <= 1 ? optionsText.atLeastOne : undefined}
            isDisabled={form.gpuCount <= 1}
            onPress={() => change({ gpuCount: form.gpuCount - 1 })}
          >
            −
          </AriaButton>
          <output>{form.gpuCount}</output>
          <AriaButton
            aria-label={optionsText.more}
            data-why-not={form.gpuCount >= max ? optionsText.atMost(max) : undefined}
            isDisabled={form.gpuCount >= max}
            onPress={() => change({ gpuCount: form.gpuCount + 1 })}
          >
            +
          </AriaButton>
        </span>
      </div>
      {form.gpuTypeIds.length === 0 && <FieldProblems field="gpuCount" />}
    </div>
  )
}

const WORKSPACE = '/workspace'

function StorageFields() {
  const { form, context, template, evaluated, change } = useNewPod()
  const { storage } = form
  const { storage: sized } = evaluated.disks
  const volumes = context.volumes ?? []
  const chosen =
    storage.kind === 'network'
      ? `volume:${storage.volumeId}`
      : (storage.kind satisfies 'none' | 'template' | 'persistent')
  const isKnown = storage.kind !== 'network' || volumes.some(({ id }) => id === storage.volumeId)
  const options = [
    { id: 'none', label: optionsText.none },
    ...(template === null ? [] : [{ id: 'template', label: templateStorageText(template) }]),
    ...(form.hardware === 'cpu' ? [] : [{ id: 'persistent', label: optionsText.machineDisk }]),
    ...volumes.map((volume) => ({ id: `volume:${volume.id}`, label: volumeText(volume) })),
    ...(isKnown ? [] : [{ id: chosen, label: optionsText.unknownVolume }]),
  ]
  const path = 'path' in storage ? storage.path : WORKSPACE
  const choose = (id: string): void => change({ storage: storageOf(id, path) })
  const volume = storage.kind === 'network' ? volumes.find(({ id }) => id === storage.volumeId) : undefined
  return (
    <div data-field="storage" className="new-choice">
      <Choice label={optionsText.storage} options={options} chosen={chosen} onChoose={choose} />
      {storage.kind === 'persistent' && (
        <div className="new-pair">
          <InputField
            field="storage"
            label={optionsText.size}
            unit="GB"
            inputMode="decimal"
            value={storage.sizeGb}
            onChange={(sizeGb) => change({ storage: { ...storage, sizeGb } })}
          />
          <PathField />
        </div>
      )}
      {storage.kind === 'network' && (
        <>
          <PathField />
          {volume?.dataCenterId != null && (
            <p className="new-hint">{optionsText.volumePlace(volume.name, volume.dataCenterId)}</p>
          )}
        </>
      )}
      {storage.kind !== 'persistent' && <FieldProblems field="storage" />}
      <p className="new-hint">
        {storageSentences(sized, template).join(' ')}
        {sized.kind === 'persistent' && ` ${stoppedDiskText(sized.sizeGb)}`}
      </p>
    </div>
  )
}

function storageOf(id: string, path: string): PodForm['storage'] {
  if (id.startsWith('volume:')) return { kind: 'network', volumeId: id.slice('volume:'.length), path }
  if (id === 'persistent') return { kind: 'persistent', sizeGb: '100', path }
  return { kind: id === 'template' ? 'template' : 'none' }
}

function PathField() {
  const { form, change } = useNewPod()
  const { storage } = form
  if (!('path' in storage)) return null
  return (
    <InputField
      field="storage"
      isSecond
      label={optionsText.path}
      value={storage.path}
      onChange={(path) => change({ storage: { ...storage, path } })}
    />
  )
}

/** What few pods need. */
function MoreOptions() {
  const { form, change } = useNewPod()
  return (
    <details className="new-more">
      <summary>
        <Icon name="chevron" size={14} />
        {optionsText.moreOptions}
      </summary>
      <div className="new-more-panel">
        <InputField
          field="args"
          label={optionsText.arguments}
          value={form.args ?? ''}
          placeholder={optionsText.imageDefault}
          onChange={(args) => change({ args: args === '' ? null : args })}
        />
        <InputField
          field="allowedCudaVersions"
          label={optionsText.cudaVersions}
          placeholder="12.8, 13.0"
          value={form.allowedCudaVersions.join(', ')}
          onChange={(text) => change({ allowedCudaVersions: versionsIn(text) })}
        />
        <FormInput field="minCudaVersion" label={optionsText.minCudaVersion} placeholder={optionsText.any} />
        <InputField
          field="registryId"
          label={optionsText.registry}
          placeholder={optionsText.registryHint}
          value={form.registryId ?? ''}
          onChange={(id) => change({ registryId: id.trim() === '' ? null : id })}
        />
        <SwitchRow
          label={optionsText.jupyter}
          isOn={form.hasJupyter}
          onChange={(hasJupyter) => change({ hasJupyter })}
          hint={optionsText.jupyterHint}
        />
        <div data-field="hasGlobalNetworking">
          <SwitchRow
            label={optionsText.networking}
            isOn={form.hasGlobalNetworking}
            onChange={(hasGlobalNetworking) => change({ hasGlobalNetworking })}
            hint={optionsText.networkingHint}
          />
          <FieldProblems field="hasGlobalNetworking" />
        </div>
      </div>
    </details>
  )
}

/** A comma that was just typed begins another one. */
const versionsIn = (text: string): readonly string[] =>
  text.trim() === '' ? [] : text.split(',').map((version) => version.trim())

/** The ports that are published: those of the template, or of the person's own. */
function PortsField() {
  const { form, template, change } = useNewPod()
  const { ports } = form
  if (ports === null)
    return (
      <div className="new-field" data-field="ports">
        <span className="new-label">{portsText.label}</span>
        <span className="new-pills">
          {(template?.ports ?? []).map((port) => (
            <span key={port} className="pill">
              {port}
            </span>
          ))}
          <Button
            kind="bare"
            label={portsText.changePorts}
            onPress={() => change({ ports: (template?.ports ?? []).join('\n') })}
          >
            {portsText.change}
          </Button>
        </span>
        <span className="new-hint">{portsText.fromTemplate}</span>
        <FieldProblems field="ports" />
      </div>
    )
  return (
    <InputField
      field="ports"
      label={portsText.label}
      rows={2}
      placeholder={portsText.example}
      value={ports}
      onChange={(text) => change({ ports: text })}
      hint={form.hasSsh ? portsText.sshHint : portsText.hint}
    />
  )
}
