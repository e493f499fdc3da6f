import { createStore, type StoreApi } from 'zustand/vanilla'
import { isObject, parseJson } from '../../../core/base/parse-json'
import type { Result } from '../../../core/base/result'
import { draftText, parseDraft } from '../../../core/creation/form/draft-codec'
import { emptyPodForm, type PodForm } from '../../../core/creation/form/pod-form'
import { type AccountId, isPodKey, parsePodKey, type PodKey } from '../../../core/pods/pod'
import { isDraftId, type PrefilledForm } from '../../../shared/requests/pod/create-requests'
import { prefillText } from './prefill-text'

/** The pod that the new one is like. */
export interface DraftSource {
  readonly podKey: PodKey
  /** It is to replace that pod. */
  readonly isRebuild: boolean
  /** Its rules and the tabs of its terminals are taken over, where it is to be replaced. */
  readonly isTakenOver: boolean
}

/** A new pod, as far as it is typed. */
export interface DraftContent {
  /** Null: the account that is shown, or the first one. */
  readonly accountId: AccountId | null
  readonly form: PodForm
  readonly source: DraftSource | null
  /** What main says of that pod; null: nothing yet, or there is none. */
  readonly prefilled: Omit<PrefilledForm, 'form'> | null
}

export interface Draft extends DraftContent {
  /** The create that is made of it carries this id, so that a draft whose removal was never written is recognized. */
  readonly id: string
}

export const emptyDraft: DraftContent = { accountId: null, form: emptyPodForm, source: null, prefilled: null }

export interface DraftStore {
  readonly store: StoreApi<Draft>
  change(changes: Partial<PodForm>): void
  /** It is another draft from now on, with an id of its own. */
  replace(draft: DraftContent): void
}

const STORAGE_KEY = 'podkeeper.new-pod'

/**
 * The draft of this window. What is typed is kept for a window that is closed and opened again, except for values of
 * variables, which are in memory only.
 */
export function createDraftStore(
  storage: Pick<Storage, 'getItem' | 'setItem'>,
  newId: () => string = () => crypto.randomUUID(),
): DraftStore {
  const store = createStore<Draft>(() => load(storage, newId))
  store.subscribe((draft) => save(storage, draft))
  return {
    store,
    change: (changes) => store.setState(({ form }) => ({ form: { ...form, ...changes } })),
    replace: (draft) => store.setState({ ...draft, id: newId() }, true),
  }
}

function load(storage: Pick<Storage, 'getItem'>, newId: () => string): Draft {
  const stored = parseJson(storage.getItem(STORAGE_KEY) ?? '')
  if (!isObject(stored) || typeof stored['draft'] !== 'string') return { ...emptyDraft, id: newId() }
  const form = parseDraft(stored['draft'])
  if (form === null) return { ...emptyDraft, id: newId() }
  const { id, accountId, podKey, isRebuild, isTakenOver } = stored
  return {
    id: isDraftId(id) ? id : newId(),
    accountId: typeof accountId === 'string' ? accountId : null,
    form,
    source:
      typeof podKey === 'string' && isPodKey(podKey)
        ? { podKey, isRebuild: isRebuild === true, isTakenOver: isTakenOver !== false }
        : null,
    prefilled: null,
  }
}

/** Errors are ignored: a full storage only loses the draft of a window that is closed. */
function save(storage: Pick<Storage, 'setItem'>, { id, accountId, form, source }: Draft): void {
  try {
    storage.setItem(STORAGE_KEY, JSON.stringify({ id, accountId, draft: draftText(form), ...source }))
  } catch {
    // It stays valid until the window closes.
  }
}

/**
 * What is known of the other pod. Where it could not be read, that is said, because a pod without its variables is
 * another one.
 */
export function prefilledBy(
  answer: Result<PrefilledForm, { readonly message: string }>,
): NonNullable<Draft['prefilled']> {
  if (!answer.ok)
    return {
      copied: null,
      configuration: null,
      environmentProblem: prefillText.podNotRead(answer.error.message),
    }
  const { form: _, ...prefilled } = answer.value
  return prefilled
}

/** The draft in this account. A pod of another one can be neither replaced here, nor are its variables there. */
export const draftIn = (draft: Draft, accountId: AccountId): Draft =>
  draft.source === null || parsePodKey(draft.source.podKey).accountId === accountId
    ? draft
    : { ...draft, source: null, prefilled: null }

/** Whether nothing was typed or chosen that would be lost. */
export const isDraftEmpty = ({ form }: Pick<Draft, 'form'>): boolean =>
  JSON.stringify(form) === JSON.stringify(emptyPodForm)
