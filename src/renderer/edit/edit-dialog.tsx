import './edit.css'
import { useEffect, useState } from 'react'
import { type EditField, type EditForm, editFormOf, evaluateEdit } from '../../core/changes/edit-form'
import type { ShownConfiguration } from '../../core/changes/pod-edit'
import type { PodKey } from '../../core/pods/pod'
import type { PodView } from '../../core/view/snapshot'
import type { EditablePod } from '../../shared/requests/change-requests'
import { runPodCommand } from '../pod-model/commands/pod-commands'
import { answerOf } from '../state/answer-of'
import { useChangeRequest } from '../state/hooks/use-change-request'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { AccountLabel } from '../ui/labels/account-label'
import { Button } from '../ui/button'
import { CloseButton } from '../ui/close-button'
import { FormField, SubmitByEnter } from '../ui/controls/form-field'
import { DiskFields, StartFields, VariableFields } from './edit-fields'
import { editText, effectText, problemText, saveLabel } from './edit-text'
import { commonText } from '../ui/common-text'

/** Changes how a pod is set up. The app's own window asks before anything restarts or is wiped. */
export function EditDialog({ podKey, onClose }: { readonly podKey: PodKey; readonly onClose: () => void }) {
  const { bridge } = useWindow()
  const pod = useSnapshotStore(({ podsByKey }) => podsByKey.get(podKey))
  const [editable, setEditable] = useState<EditablePod | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [tries, setTries] = useState(0)
  useEffect(() => {
    let isActive = true
    void answerOf(bridge.editablePod(podKey)).then((answer) => {
      if (!isActive) return
      if (answer.ok) setEditable(answer.value)
      else setFailure(answer.error.message)
    })
    return () => {
      isActive = false
    }
  }, [bridge, podKey, tries])
  const name = pod?.name ?? editText.gonePod
  return (
    <>
      <header>
        <h2 title={name}>
          {editText.edit} <bdi>{name}</bdi>
        </h2>
        <CloseButton onPress={onClose} />
      </header>
      {pod === undefined ? (
        <p className="dialog-body edit-note">{editText.notListed}</p>
      ) : failure !== null ? (
        <div className="dialog-body edit-note" role="alert">
          <p>{editText.couldNotRead(failure)}</p>
          <Button
            onPress={() => {
              setFailure(null)
              setTries((count) => count + 1)
            }}
          >
            {commonText.tryAgain}
          </Button>
        </div>
      ) : editable === null ? (
        <p className="dialog-body edit-note" role="status">
          {editText.reading}
        </p>
      ) : (
        <EditPod pod={pod} editable={editable} onClose={onClose} />
      )}
    </>
  )
}

interface EditPodProps {
  readonly pod: PodView
  readonly editable: EditablePod
  readonly onClose: () => void
}

function EditPod({ pod, editable: { configuration, secretNames }, onClose }: EditPodProps) {
  const { bridge } = useWindow()
  const [form, setForm] = useState<EditForm>(() => editFormOf(configuration))
  const { isBusy, refusal, send, clear } = useChangeRequest(onClose)
  const podsByKey = useSnapshotStore((state) => state.podsByKey)
  const takenNames = [...podsByKey.values()]
    .filter(({ key, accountId }) => accountId === pod.accountId && key !== pod.key)
    .map((other) => other.name)
  const { problems, edit } = evaluateEdit(form, configuration, {
    takenNames,
    secretNames,
    hasGpu: pod.gpuCount > 0,
  })
  const [first] = problems
  const whyNot =
    first !== undefined
      ? problemText(problems, first.field)
      : Object.keys(edit).length === 0
        ? editText.nothingToSave
        : null
  const isShownAtField = refusal !== null && isFieldOf(form, configuration, refusal.field)
  const set = (change: Partial<EditForm>): void => {
    setForm({ ...form, ...change })
    clear()
  }
  const problemOf = (field: EditField): string | null =>
    problemText(problems, field) ?? (refusal?.field === field ? refusal.message : null)

  const save = (): void => {
    if (whyNot === null)
      send(editText.notChanged(pod.name), () => bridge.editPod(pod.key, edit, configuration))
  }

  const effect = effectText(edit, pod.phase, configuration)
  return (
    <>
      <form
        className="dialog-body form"
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <AccountLabel accountId={pod.accountId} />
        {pod.isLocked === true && <LockedNote pod={pod} />}
        <FormField
          label={editText.name}
          value={form.name}
          onChange={(name) => set({ name })}
          problem={problemOf('name')}
          autoFocus
        />
        <FormField
          label={editText.image}
          value={form.image}
          onChange={(image) => set({ image })}
          problem={problemOf('image')}
        />
        <StartFields form={form} configuration={configuration} set={set} problemOf={problemOf} />
        <DiskFields form={form} configuration={configuration} set={set} problemOf={problemOf} />
        <FormField
          label={editText.ports}
          value={form.ports}
          lines={3}
          onChange={(ports) => set({ ports })}
          help={editText.portsHelp}
          problem={problemOf('ports')}
        />
        <VariableFields
          form={form}
          configuration={configuration}
          secretNames={secretNames}
          set={set}
          problem={problemOf('environment')}
        />
        {refusal !== null && !isShownAtField && (
          <p className="form-problem" role="alert">
            {refusal.message}
          </p>
        )}
        <SubmitByEnter />
      </form>
      <footer>
        <p className="edit-effect" role="status">
          {effect}
        </p>
        <Button onPress={onClose}>{commonText.cancel}</Button>
        <Button kind="primary" whyNot={whyNot} isPending={isBusy} onPress={save}>
          {isBusy ? editText.working : saveLabel(edit, pod.phase)}
        </Button>
      </footer>
    </>
  )
}

/** Whether the form has this field, so that a refusal is shown there. */
function isFieldOf(form: EditForm, { variables }: ShownConfiguration, field: string | null): boolean {
  if (field === 'persistentGb') return form.persistentGb !== null
  if (field === 'environment') return variables !== null
  return field !== null && field in form && field !== 'removedVariables'
}

/** A locked pod is neither stopped nor restarted. */
function LockedNote({ pod }: { readonly pod: PodView }) {
  const services = useWindow()
  return (
    <div className="message mute">
      <span className="words">{editText.locked}</span>
      <Button onPress={() => void runPodCommand(services, pod, { kind: 'unlock' })}>{editText.unlock}</Button>
    </div>
  )
}
