import { useCallback, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { accountContext } from '../../../core/creation/form/account-context'
import { evaluateForm } from '../../../core/creation/form/evaluate-form'
import {
  type FormField,
  type FormProblem,
  type PodForm,
  suggestPodName,
} from '../../../core/creation/form/pod-form'
import { catalogQueryOf, type FormCatalog } from '../../../core/creation/form/read-catalog'
import type { AccountId } from '../../../core/pods/pod'
import { accountOrShown } from '../../state/account-parts'
import { useSnapshotStore } from '../../state/window-context'
import { createDraftStore, draftIn } from './draft'
import type { NewPod } from './new-pod-context'
import { useCatalog } from './use-catalog'
import { podLabels } from './prefill-text'

/** Of this window; leaving the page keeps it. */
export const draftStore = createDraftStore(localStorage)

const unknownCatalog: FormCatalog = {
  gpus: { SECURE: null, COMMUNITY: null },
  cpus: null,
  dataCenters: null,
  volumes: null,
  templates: [],
  secretNames: null,
  sshKeyCount: null,
  limits: null,
}

export interface NewPodState extends Omit<NewPod, 'account'> {
  readonly account: NewPod['account'] | null
  /** Shows all that is wrong from now on. */
  readonly showAll: () => void
  /** Shows what main found, where it differs. */
  readonly showRefused: (problems: readonly FormProblem[]) => void
  readonly isAllShown: boolean
}

/** The draft with its catalog, evaluated as it stands. Main evaluates it again before anything is created. */
export function useNewPodState(accountId: AccountId): NewPodState {
  const stored = useStore(draftStore.store)
  const draft = useMemo(() => draftIn(stored, accountId), [stored, accountId])
  const whole = useSnapshotStore(({ wholeSnapshot }) => wholeSnapshot)
  const { form: typed, prefilled } = draft
  const catalog = useCatalog(accountId, catalogQueryOf(typed, true))
  const [touched, setTouched] = useState<ReadonlySet<FormField>>(new Set())
  const [isAllShown, setAllShown] = useState(false)
  const [refused, setRefused] = useState<{
    readonly form: PodForm
    readonly problems: readonly FormProblem[]
  } | null>(null)

  const account = accountOrShown(whole, accountId)
  const context = useMemo(
    () =>
      accountContext(catalog.view?.catalog ?? unknownCatalog, {
        balance: account?.balance ?? { kind: 'not-asked' },
        burn: account?.burn ?? { perHourUsd: 0, isAtLeast: true },
        money: account?.money ?? null,
        pods: (whole?.pods ?? []).filter((pod) => pod.accountId === accountId),
        creates: (whole?.creates ?? []).filter((create) => create.accountId === accountId),
      }),
    [catalog.view, account, whole, accountId],
  )
  const suggestedName = useMemo(
    () => suggestPodName(firstLabel(typed, context), context.podNames),
    [typed, context],
  )
  const form = useMemo(
    () => (typed.name.trim() === '' ? { ...typed, name: suggestedName } : typed),
    [typed, suggestedName],
  )
  const copiedNames = prefilled?.copied?.names
  const evaluated = useMemo(
    // The values of another pod's variables are in main only.
    () => evaluateForm(form, context, Object.fromEntries((copiedNames ?? []).map((name) => [name, COPIED]))),
    [form, context, copiedNames],
  )

  const change = useCallback((changes: Partial<PodForm>) => {
    setTouched((before) => new Set([...before, ...(Object.keys(changes) as FormField[])]))
    draftStore.change(changes)
  }, [])
  const touch = useCallback(
    (field: FormField) => setTouched((before) => (before.has(field) ? before : new Set([...before, field]))),
    [],
  )
  // They are about the form as it was sent.
  const problems = withoutRepetitions([
    ...evaluated.problems,
    ...(refused?.form === form ? refused.problems : []),
  ])
  const isRead = catalog.view !== null
  return {
    accountId,
    account,
    draft,
    form,
    suggestedName,
    catalog,
    context,
    template: context.templates.find(({ id }) => id === form.templateId) ?? null,
    evaluated,
    problems,
    change,
    touch,
    problemsOf: (field) =>
      problems.filter(
        (problem) =>
          problem.field === field &&
          // Until the catalog is there, nothing is known of what is in it.
          (isAllShown || (isRead && touched.has(field))),
      ),
    isAllShown,
    showAll: () => setAllShown(true),
    showRefused: (found) => setRefused({ form, problems: found }),
  }
}

/** Stands for a value that is not here. */
const COPIED = '…'

const withoutRepetitions = (problems: readonly FormProblem[]): readonly FormProblem[] =>
  problems.filter(
    ({ field, message }, index) =>
      problems.findIndex((other) => other.field === field && other.message === message) === index,
  )

/** What a name is suggested by. */
function firstLabel(form: PodForm, { gpus, cpus }: NewPod['context']): string {
  if (form.hardware === 'cpu') return cpus?.find(({ id }) => id === form.cpuFlavorId)?.name ?? podLabels.cpu
  const offers = form.clouds.flatMap((cloud) => gpus[cloud] ?? [])
  return offers.find(({ id }) => id === form.gpuTypeIds[0])?.name ?? form.gpuTypeIds[0] ?? podLabels.gpu
}
