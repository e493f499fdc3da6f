import { createContext, useContext } from 'react'
import type { EvaluatedForm } from '../../../core/creation/form/evaluate-form'
import type { FormContext, FormField, FormProblem, PodForm } from '../../../core/creation/form/pod-form'
import type { PodTemplate } from '../../../core/pods/catalog'
import type { AccountId } from '../../../core/pods/pod'
import type { AccountPart } from '../../../core/view/snapshot'
import type { Draft } from './draft'
import type { LoadedCatalog } from './use-catalog'

/** An account in which pods can be created. */
export interface CloudAccount {
  readonly id: AccountId
  readonly name: string
}

/** A new pod as its page shows it. */
export interface NewPod {
  readonly accountId: AccountId
  readonly account: Omit<AccountPart, 'entry'>
  /** Without the other pod where that is in another account, which has none of its variables and doesn't replace it. */
  readonly draft: Draft
  /** As it is evaluated: with the suggested name, where none was typed. */
  readonly form: PodForm
  readonly suggestedName: string
  readonly catalog: LoadedCatalog
  readonly context: FormContext
  readonly template: PodTemplate | null
  readonly evaluated: EvaluatedForm
  /** All that is wrong, also what only main found. */
  readonly problems: readonly FormProblem[]
  readonly change: (changes: Partial<PodForm>) => void
  /** What is wrong with a field, once the person was there or tried to create the pod. */
  readonly problemsOf: (field: FormField) => readonly FormProblem[]
  /** Call when the person left a field. */
  readonly touch: (field: FormField) => void
}

export const NewPodContext = createContext<NewPod | null>(null)

export function useNewPod(): NewPod {
  const newPod = useContext(NewPodContext)
  if (newPod === null) throw new Error('used outside of NewPodContext')
  return newPod
}
