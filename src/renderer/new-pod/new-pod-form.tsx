import { useRef } from 'react'
import { createCommand } from '../../core/creation/form/create-command'
import type { FormField, PodForm } from '../../core/creation/form/pod-form'
import type { AccountId } from '../../core/pods/pod'
import { useSingleFlight } from '../state/hooks/use-single-flight'
import { copyText } from '../ui/copy-text'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Segments } from '../ui/controls/segments'
import { KeyHint } from '../ui/labels/key-hint'
import { shortcutLabel } from '../ui/shortcut-label'
import { CpuFields } from './fields/cpu-fields'
import { ProblemList } from './form-notes'
import { GpuTable } from './gpu-table'
import { type CloudAccount, NewPodContext, useNewPod } from './state/new-pod-context'
import { CatalogMessage, NewPodTools } from './new-pod-tools'
import { createLabel, newPodText, sourceText } from './new-pod-text'
import { OptionsPanel } from './options-panel'
import { OrderList, WaitFields } from './order-list'
import { PricePanel } from './price-panel'
import { type NewPodState, useNewPodState } from './state/use-new-pod-state'
import { useSourceReading } from './state/use-prefill'

interface NewPodFormProps {
  readonly accountId: AccountId
  readonly accounts: readonly CloudAccount[]
  readonly onAccount: (accountId: AccountId) => void
  /** The pod is created, so that the next one starts anew. */
  readonly onReset: () => void
}

/** The form in three columns. */
export function NewPodForm(props: NewPodFormProps) {
  const state = useNewPodState(props.accountId)
  const { account } = state
  useSourceReading(state.draft)
  return account === null ? null : (
    <NewPodContext value={{ ...state, account }}>
      <Form {...props} state={state} />
    </NewPodContext>
  )
}

function Form({
  accountId,
  accounts,
  onAccount,
  onReset,
  state,
}: NewPodFormProps & { readonly state: NewPodState }) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const page = useRef<HTMLDivElement>(null)
  const { form, evaluated, draft } = state
  const { source, prefilled } = draft

  const focusField = (field: FormField): void => {
    const controls = (area: string): HTMLElement | null =>
      page.current?.querySelector<HTMLElement>(`${area} :is(input, textarea, button)`) ?? null
    const own = controls(`[data-field="${field}"]`)
    own?.closest('details')?.setAttribute('open', '')
    ;(own ?? controls(field === 'gpuTypeIds' ? '.new-table tbody' : '.new-hardware'))?.focus()
  }
  // Without its variables it would be another pod.
  const isSourceUnread = source !== null && prefilled === null
  const create = async (): Promise<void> => {
    if (isSourceUnread) return
    const [first] = evaluated.problems
    if (first !== undefined) {
      state.showAll()
      focusField(first.field)
      return
    }
    const answer = await snapshotStore.runRequest(
      newPodText.couldNotCreate,
      bridge.createPod(
        accountId,
        form,
        prefilled?.copied?.id ?? null,
        source?.isRebuild === true ? { podKey: source.podKey, isTakenOver: source.isTakenOver } : null,
        draft.id,
      ),
    )
    if (answer?.kind === 'refused') {
      state.showAll()
      state.showRefused(answer.problems)
      state.catalog.refresh()
      const [refused] = answer.problems
      if (refused !== undefined) focusField(refused.field)
    }
    if (answer?.kind !== 'created') return
    onReset()
    snapshotStore.showPage('pods')
  }
  return (
    <div
      className="new-frame"
      ref={page}
      // Before the controls, of which many use Enter.
      onKeyDownCapture={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return
        event.preventDefault()
        event.stopPropagation()
        runOnce(create)
      }}
    >
      <NewPodTools accounts={accounts} onAccount={onAccount} />
      <CatalogMessage />
      <div className="new-columns">
        <section className="new-card new-hardware" aria-labelledby="new-hardware">
          <Hardware />
        </section>
        <OptionsPanel />
        <PricePanel>
          {state.isAllShown && <ProblemList onFocus={focusField} />}
          <div className="new-create">
            <Button
              kind="primary"
              whyNot={isSourceUnread ? sourceText.reading : null}
              onPress={() => runOnce(create)}
            >
              {createLabel(evaluated.money.choices[0]?.perHourUsd ?? null, form.whenFree !== null)}
              <KeyHint name={shortcutLabel(newPodText.enterKey)} />
            </Button>
            <CopyCommand accounts={accounts} />
          </div>
        </PricePanel>
      </div>
    </div>
  )
}

const hardwareOptions = [
  { id: 'gpu', label: 'GPU' },
  { id: 'cpu', label: 'CPU' },
] as const

/** CPU pods are in the secure cloud only, and have no disk of their own. */
const cpuChanges = ({ storage }: PodForm): Partial<PodForm> => ({
  clouds: ['SECURE'],
  ...((storage.kind === 'persistent' || storage.kind === 'template') && { storage: { kind: 'none' } }),
})

/** GPUs in an order of preference, or CPUs. */
function Hardware() {
  const { form, change } = useNewPod()
  const isGpu = form.hardware === 'gpu'
  const choice = (
    <Segments
      label={newPodText.hardware}
      options={hardwareOptions}
      chosen={form.hardware}
      onChoose={(hardware) => change({ hardware, ...(hardware === 'cpu' && cpuChanges(form)) })}
    />
  )
  return (
    <>
      <h2 id="new-hardware" className="unseen">
        {newPodText.hardware}
      </h2>
      {isGpu ? (
        <>
          <GpuTable>{choice}</GpuTable>
          <OrderList />
        </>
      ) : (
        <>
          <div className="new-hardware-head">{choice}</div>
          <CpuFields />
        </>
      )}
      <WaitFields />
    </>
  )
}

/** The same on the command line, without values of variables. */
function CopyCommand({ accounts }: Pick<NewPodFormProps, 'accounts'>) {
  const { snapshotStore } = useWindow()
  const { form, accountId, draft } = useNewPod()
  const account = accounts.length > 1 ? (accounts.find(({ id }) => id === accountId)?.name ?? null) : null
  const copy = (): void => {
    if (copyText(createCommand(form, account, draft.prefilled?.copied?.names)))
      snapshotStore.showToast('ok', newPodText.commandCopied)
  }
  return (
    <Button kind="bare" onPress={copy}>
      {newPodText.copyAsCli}
    </Button>
  )
}
