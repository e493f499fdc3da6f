import { type ReactNode, useEffect, useState } from 'react'
import { type VolumeChange, volumeChangeProblem, type VolumeField } from '../../core/changes/volume-change'
import { grownPriceText, newPriceText } from '../../core/changes/volume-price-text'
import { wholeNumberIn } from '../../core/creation/form/form-lines'
import type { VolumeKind } from '../../core/pods/catalog'
import type { AccountId } from '../../core/pods/pod'
import { volumePerMonthUsd } from '../../core/pods/storage-rates'
import type { VolumeView } from '../../core/view/volumes-view'
import type { VolumePlace } from '../../shared/requests/change-requests'
import { answerOf } from '../state/answer-of'
import { useChangeRequest } from '../state/hooks/use-change-request'
import { useWindow } from '../state/window-context'
import { AccountLabel } from '../ui/labels/account-label'
import { Button } from '../ui/button'
import { CloseButton } from '../ui/close-button'
import { Choice } from '../ui/controls/choice'
import { FormField, SubmitByEnter } from '../ui/controls/form-field'
import { Segments } from '../ui/controls/segments'
import { Dialog } from '../ui/dialog'
import { gpusText, volumeDialogText } from './volumes-text'
import { commonText } from '../ui/common-text'

interface FormProps {
  readonly accountId: AccountId
  readonly onClose: () => void
}

const shownVolume = ({ id, name, sizeGb, dataCenterId }: VolumeView) => ({ id, name, sizeGb, dataCenterId })

/** A size that can't be read is 0, which is refused with the limits. */
const sizeIn = (text: string): number => wholeNumberIn(text) ?? 0

/** A volume to create. The app's own window asks before it costs anything. */
export function NewVolumeDialog({ accountId, onClose }: FormProps) {
  const { bridge } = useWindow()
  const [places, setPlaces] = useState<readonly VolumePlace[] | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [name, setName] = useState('')
  const [size, setSize] = useState('100')
  const [placeId, setPlaceId] = useState('')
  const [kind, setKind] = useState<VolumeKind>('standard')
  useEffect(() => {
    let isActive = true
    void answerOf(bridge.volumePlaces(accountId)).then((answer) => {
      if (!isActive) return
      if (answer.ok) setPlaces(answer.value)
      else setFailure(answer.error.message)
    })
    return () => {
      isActive = false
    }
  }, [bridge, accountId])
  const place = places?.find(({ id }) => id === placeId) ?? places?.[0] ?? null
  const kinds = place?.kinds ?? ['standard']
  const chosenKind = kinds.includes(kind) ? kind : (kinds[0] ?? 'standard')
  const sizeGb = sizeIn(size)
  const change: VolumeChange = {
    kind: 'create',
    spec: { name: name.trim(), sizeGb, dataCenterId: place?.id ?? '', kind: chosenKind },
  }
  const perMonthUsd = volumePerMonthUsd({ sizeGb, isHighPerformance: chosenKind !== 'standard' })
  return (
    <ChangeDialog
      title={volumeDialogText.newTitle}
      action={volumeDialogText.create}
      accountId={accountId}
      change={change}
      notReady={
        place !== null
          ? null
          : failure !== null
            ? volumeDialogText.couldNotReadPlaces(failure)
            : places === null
              ? volumeDialogText.readingPlaces
              : volumeDialogText.noPlaces
      }
      note={volumeChangeProblem(change)?.field === 'sizeGb' ? null : newPriceText(perMonthUsd)}
      onClose={onClose}
    >
      {(problemOf) => (
        <>
          <div className="form-row">
            <FormField
              label={volumeDialogText.name}
              value={name}
              onChange={setName}
              problem={problemOf('name', name !== '')}
              autoFocus
            />
            <FormField
              label={volumeDialogText.size}
              value={size}
              onChange={setSize}
              unit="GB"
              problem={problemOf('sizeGb', true)}
            />
          </div>
          {failure !== null ? (
            <p className="form-problem" role="alert">
              {volumeDialogText.couldNotReadPlaces(failure)}
            </p>
          ) : place === null ? (
            <p className="form-note" role="status">
              {places === null ? volumeDialogText.readingPlaces : volumeDialogText.noPlaces}
            </p>
          ) : (
            <>
              <Choice
                label={volumeDialogText.dataCenter}
                options={(places ?? []).map((one) => ({ id: one.id, label: placeLabel(one) }))}
                chosen={place.id}
                onChoose={setPlaceId}
              />
              <p className="form-note">
                {gpusText(place)}. {volumeDialogText.cannotMove}
              </p>
              {kinds.length > 1 && (
                <Segments
                  label={volumeDialogText.kind}
                  options={[
                    { id: 'standard', label: volumeDialogText.standard },
                    { id: 'high-performance', label: volumeDialogText.highPerformance },
                  ]}
                  chosen={chosenKind}
                  onChoose={setKind}
                />
              )}
              {problemOf('dataCenterId', true) !== null && (
                <p className="form-problem">{problemOf('dataCenterId', true)}</p>
              )}
            </>
          )}
        </>
      )}
    </ChangeDialog>
  )
}

const placeLabel = ({ id, name }: VolumePlace): string => (name === id ? id : `${id} · ${name}`)

export function GrowVolumeDialog({
  accountId,
  volume,
  onClose,
}: FormProps & { readonly volume: VolumeView }) {
  const [size, setSize] = useState(String(volume.sizeGb ?? ''))
  const sizeGb = sizeIn(size)
  const change: VolumeChange = { kind: 'grow', volume: shownVolume(volume), sizeGb }
  const isUnchanged = size === String(volume.sizeGb ?? '')
  return (
    <ChangeDialog
      title={volumeDialogText.growTitle(volume.name)}
      action={volumeDialogText.grow}
      accountId={accountId}
      change={change}
      note={
        volumeChangeProblem(change) === null
          ? volumeDialogText.onlyGrows(
              grownPriceText(volume.perMonthUsd, volumePerMonthUsd({ ...volume, sizeGb })),
            )
          : null
      }
      onClose={onClose}
    >
      {(problemOf) => (
        <FormField
          label={volumeDialogText.newSize}
          value={size}
          onChange={setSize}
          unit="GB"
          problem={problemOf('sizeGb', !isUnchanged)}
          autoFocus
        />
      )}
    </ChangeDialog>
  )
}

export function RenameVolumeDialog({
  accountId,
  volume,
  onClose,
}: FormProps & { readonly volume: VolumeView }) {
  const [name, setName] = useState(volume.name)
  const change: VolumeChange = { kind: 'rename', volume: shownVolume(volume), name: name.trim() }
  return (
    <ChangeDialog
      title={volumeDialogText.renameTitle(volume.name)}
      action={volumeDialogText.rename}
      accountId={accountId}
      change={change}
      note={null}
      onClose={onClose}
    >
      {(problemOf) => (
        <FormField
          label={volumeDialogText.newName}
          value={name}
          onChange={setName}
          problem={problemOf('name', name !== volume.name)}
          autoFocus
        />
      )}
    </ChangeDialog>
  )
}

const volumeFields: readonly (string | null)[] = [
  'name',
  'sizeGb',
  'dataCenterId',
] satisfies readonly VolumeField[]
const isVolumeField = (field: string | null): boolean => volumeFields.includes(field)

interface ChangeDialogProps extends FormProps {
  readonly title: string
  readonly action: string
  readonly change: VolumeChange
  /** Why it can't be sent yet; null: it can. */
  readonly notReady?: string | null
  readonly note: string | null
  /** `isTyped`: only then a problem that can be known before is shown; the button is disabled all the same. */
  readonly children: (problemOf: (field: VolumeField, isTyped: boolean) => string | null) => ReactNode
}

function ChangeDialog(props: ChangeDialogProps) {
  const { title, action, accountId, change, notReady = null, note, children, onClose } = props
  const { bridge } = useWindow()
  const { isBusy, refusal, send } = useChangeRequest(onClose)
  const problem = volumeChangeProblem(change)
  const whyNot = notReady ?? problem?.message ?? null
  const submit = (): void => {
    if (whyNot === null) send(volumeDialogText.nothingChanged, () => bridge.changeVolume(accountId, change))
  }
  const problemOf = (field: VolumeField, isTyped: boolean): string | null => {
    if (problem?.field === field && isTyped) return problem.message
    return refusal?.field === field ? refusal.message : null
  }
  return (
    <Dialog label={title} kind="sheet" onClose={onClose}>
      <header>
        <h2 title={title}>
          <bdi>{title}</bdi>
        </h2>
        <CloseButton onPress={onClose} />
      </header>
      <form
        className="dialog-body form"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <AccountLabel accountId={accountId} />
        {children(problemOf)}
        {note !== null && <p className="form-note price-note">{note}</p>}
        {refusal !== null && !isVolumeField(refusal.field) && (
          <p className="form-problem" role="alert">
            {refusal.message}
          </p>
        )}
        <SubmitByEnter />
      </form>
      <footer>
        <Button onPress={onClose}>{commonText.cancel}</Button>
        <Button kind="primary" whyNot={whyNot} isPending={isBusy} onPress={submit}>
          {isBusy ? volumeDialogText.working : action}
        </Button>
      </footer>
    </Dialog>
  )
}
