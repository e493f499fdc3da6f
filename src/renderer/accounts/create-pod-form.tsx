import { type ReactNode, useState } from 'react'
import { Input, Label, TextField } from 'react-aria-components'
import { defaultLabPod, labPodProblem, multiGpuTypes } from '../../core/pods/labs/lab-pod-spec'
import type { AccountId } from '../../core/pods/pod'
import { labGpuTypes, type LabPodChoice, MAX_LAB_GPUS } from '../../core/pods/pod-request'
import type { PastedEnvironment } from '../../shared/requests/lab-requests'
import { useSingleFlight } from '../state/hooks/use-single-flight'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Choice } from '../ui/controls/choice'
import { commonText } from '../ui/common-text'
import { newLabPodText } from './lab-text'

const gpuCounts = Array.from({ length: MAX_LAB_GPUS }, (_, index) => String(index + 1))

interface CreatePodFormProps {
  readonly accountId: AccountId
  readonly labName: string
}

/** A new pod of a lab. Nothing is created before the app's own window confirms it. */
export function CreatePodForm({ accountId, labName }: CreatePodFormProps) {
  const [isOpen, setOpen] = useState(false)
  return isOpen ? (
    <OpenForm accountId={accountId} labName={labName} onClose={() => setOpen(false)} />
  ) : (
    <div className="actions">
      <Button icon="plus" label={newLabPodText.newPodIn(labName)} onPress={() => setOpen(true)}>
        {newLabPodText.newPod}
      </Button>
    </div>
  )
}

function OpenForm({ accountId, labName, onClose }: CreatePodFormProps & { readonly onClose: () => void }) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const [gpuType, setGpuType] = useState<LabPodChoice['gpuType']>('H100')
  const [gpuCount, setGpuCount] = useState('1')
  const [maxHours, setMaxHours] = useState('')
  const [image, setImage] = useState<string>(defaultLabPod.image)
  const [volumeGb, setVolumeGb] = useState(String(defaultLabPod.volumeGb))
  const [environment, setEnvironment] = useState<PastedEnvironment | null>(null)
  const canHaveSeveral = multiGpuTypes.includes(gpuType)
  const choice: LabPodChoice = {
    gpuType,
    gpuCount: canHaveSeveral ? Number(gpuCount) : 1,
    maxHours: maxHours.trim() === '' ? null : Number(maxHours),
    image,
    volumeGb: Number(volumeGb),
  }
  const problem = labPodProblem(choice)
  const pasteEnvironment = () =>
    runOnce(async () => {
      setEnvironment(
        await snapshotStore.runRequest(newLabPodText.couldNotReadVariables, bridge.pasteEnvironment()),
      )
    })
  const create = () =>
    runOnce(async () => {
      const created = await snapshotStore.runRequest(
        newLabPodText.couldNotCreate,
        bridge.createLabPod(accountId, choice, environment?.id ?? null),
      )
      if (created?.kind !== 'created') return
      snapshotStore.showToast('ok', newLabPodText.created(labName))
      onClose()
    })
  return (
    <div className="create-pod" role="group" aria-label={newLabPodText.newPodIn(labName)}>
      <Choice
        label={newLabPodText.gpuType}
        options={labGpuTypes.map((type) => ({ id: type, label: type }))}
        chosen={gpuType}
        onChoose={setGpuType}
      />
      {canHaveSeveral && (
        <Choice
          label={newLabPodText.gpuCount}
          options={gpuCounts.map((count) => ({ id: count, label: count }))}
          chosen={gpuCount}
          onChoose={setGpuCount}
        />
      )}
      <Field
        label={newLabPodText.maxHours}
        value={maxHours}
        placeholder={newLabPodText.noLimit}
        onChange={setMaxHours}
      >
        {maxHours.trim() === '' ? newLabPodText.withoutLimit : newLabPodText.withLimit}
      </Field>
      <Field
        label={newLabPodText.image}
        value={image}
        placeholder={defaultLabPod.image}
        onChange={setImage}
      />
      <Field label={newLabPodText.volumeGb} value={volumeGb} placeholder="50" onChange={setVolumeGb} />
      <div className="environment">
        <Button onPress={pasteEnvironment}>{newLabPodText.pasteVariables}</Button>
        <p className="hint">
          {environment === null
            ? newLabPodText.variablesHint
            : newLabPodText.variables(environment.names.join(', '))}
        </p>
      </div>
      <p className="hint" role="status">
        {problem ?? newLabPodText.cost}
      </p>
      <div className="actions">
        <Button kind="primary" whyNot={problem} onPress={create}>
          {newLabPodText.create}
        </Button>
        <Button onPress={onClose}>{commonText.cancel}</Button>
      </div>
    </div>
  )
}

interface FieldProps {
  readonly label: string
  readonly value: string
  readonly placeholder: string
  readonly onChange: (value: string) => void
  readonly children?: ReactNode
}

function Field({ label, value, placeholder, onChange, children }: FieldProps) {
  return (
    <TextField className="create-field" value={value} onChange={onChange} maxLength={300}>
      <Label>{label}</Label>
      <Input autoComplete="off" spellCheck={false} placeholder={placeholder} />
      {children !== undefined && <span className="hint">{children}</span>}
    </TextField>
  )
}
