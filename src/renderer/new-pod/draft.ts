import { createStore, type StoreApi } from 'zustand/vanilla'
import { isObject, parseJson } from '../../core/base/parse-json'
import { draftText, parseDraft } from '../../core/creation/form/draft-codec'
import { emptyPodForm, type PodForm } from '../../core/creation/form/pod-form'
import { type AccountId, isPodKey, type PodKey } from '../../core/pods/pod'
import type { PrefilledForm } from '../../shared/create-requests'

/** The pod that the new one is like. */
export interface DraftSource {
  readonly podKey: PodKey
  /** It is to replace that pod. */
  readonly isRebuild: boolean
}

/** A new pod, as far as it is typed. */
export interface Draft {
  /** Null: the account that is shown, or the first one. */
  readonly accountId: AccountId | null
  readonly form: PodForm
  readonly source: DraftSource | null
  /** What main says of that pod; null: nothing yet, or there is none. */
  readonly prefilled: Omit<PrefilledForm, 'form'> | null
}

export const emptyDraft: Draft = { accountId: null, form: emptyPodForm, source: null, prefilled: null }

export interface DraftStore {
  readonly store: StoreApi<Draft>
  change(changes: Partial<PodForm>): void
  replace(draft: Draft): void
}

const STORAGE_KEY = 'podkeeper.new-pod'

/**
 * The draft of this window. What is typed is kept for a window that is closed and opened again, except for values of
 * variables, which are in memory only.
 */
export function createDraftStore(storage: Pick<Storage, 'getItem' | 'setItem'>): DraftStore {
  const store = createStore<Draft>(() => load(storage))
  store.subscribe((draft) => save(storage, draft))
  return {
    store,
    change: (changes) => store.setState(({ form }) => ({ form: { ...form, ...changes } })),
    replace: (draft) => store.setState(draft, true),
  }
}

function load(storage: Pick<Storage, 'getItem'>): Draft {
  const stored = parseJson(storage.getItem(STORAGE_KEY) ?? '')
  if (!isObject(stored) || typeof stored['draft'] !== 'string') return emptyDraft
  const form = parseDraft(stored['draft'])
  if (form === null) return emptyDraft
  const { accountId, podKey, isRebuild } = stored
  return {
    accountId: typeof accountId === 'string' ? accountId : null,
    form,
    source: typeof podKey === 'string' && isPodKey(podKey) ? { podKey, isRebuild: isRebuild === true } : null,
    prefilled: null,
  }
}

/** Errors are ignored: a full storage only loses the draft of a window that is closed. */
function save(storage: Pick<Storage, 'setItem'>, { accountId, form, source }: Draft): void {
  try {
    storage.setItem(STORAGE_KEY, JSON.stringify({ accountId, draft: draftText(form), ...source }))
  } catch {
    // It stays valid until the window closes.
  }
}

/** Whether something was typed or chosen that would be lost. */
export const isDraftEmpty = ({ form }: Pick<Draft, 'form'>): boolean =>
  JSON.stringify(form) === JSON.stringify(emptyPodForm)
