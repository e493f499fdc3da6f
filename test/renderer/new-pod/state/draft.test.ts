import { expect, test } from 'vitest'
import {
  createDraftStore,
  draftIn,
  emptyDraft,
  isDraftEmpty,
  prefilledBy,
} from '../../../../src/renderer/new-pod/state/draft'
import { loadFavorites, saveFavorites } from '../../../../src/renderer/new-pod/state/favorites'
import { isDraftId } from '../../../../src/shared/requests/pod/create-requests'
import { podForm } from '../../../harness/samples/pod-forms'

function storage(initial: Record<string, string> = {}, isFull = false) {
  const items = new Map(Object.entries(initial))
  return {
    items,
    getItem: (key: string) => items.get(key) ?? null,
    setItem(key: string, value: string) {
      if (isFull) throw new Error('QuotaExceededError')
      items.set(key, value)
    },
  }
}
const KEY = 'podkeeper.new-pod'

test('what is typed is there in the next window, without values', () => {
  const kept = storage()
  const before = createDraftStore(kept)
  before.replace({
    ...emptyDraft,
    accountId: 'a',
    source: { podKey: 'a/p', isRebuild: true, isTakenOver: true },
  })
  before.change(podForm({ environment: 'A=canary' }))
  expect(before.store.getState().form.environment).toBe('A=canary')
  expect([...kept.items.values()].join()).not.toContain('canary')
  expect(createDraftStore(kept).store.getState()).toEqual({
    id: before.store.getState().id,
    accountId: 'a',
    form: podForm({ environment: 'A=' }),
    source: { podKey: 'a/p', isRebuild: true, isTakenOver: true },
    prefilled: null,
  })
})

test('a full storage loses nothing while the window is open', () => {
  const draft = createDraftStore(storage({}, true))
  draft.change({ name: 'x' })
  expect(draft.store.getState().form.name).toBe('x')
})

test('a damaged draft is an empty one, and a wrong source is none', () => {
  for (const text of ['', 'null', '[]', '{"draft":1}', '{"draft":"{}"}', '{'])
    expect(createDraftStore(storage({ [KEY]: text })).store.getState()).toEqual({
      ...emptyDraft,
      id: expect.any(String),
    })
  const kept = storage()
  createDraftStore(kept).change({ name: 'x' })
  const stored = JSON.parse(kept.items.get(KEY)!) as object
  kept.setItem(KEY, JSON.stringify({ ...stored, podKey: 'no key', accountId: 7, id: 'no id' }))
  expect(createDraftStore(kept).store.getState()).toMatchObject({ accountId: null, source: null })
  expect(createDraftStore(kept).store.getState().id).not.toBe('no id')
  expect(isDraftEmpty(emptyDraft)).toBe(true)
  expect(isDraftEmpty({ form: podForm() })).toBe(false)
})

test('a draft keeps its id while it is typed, also in the next window, and another one has another id', () => {
  const kept = storage()
  const draft = createDraftStore(kept)
  const { id } = draft.store.getState()
  draft.change({ name: 'x' })
  expect(isDraftId(id)).toBe(true)
  expect([draft.store.getState().id, createDraftStore(kept).store.getState().id]).toEqual([id, id])
  draft.replace(draft.store.getState())
  expect(draft.store.getState().id).not.toBe(id)
})

test('a pod of another account is no source, and is one again in its own account', () => {
  const source = { podKey: 'a/p', isRebuild: true, isTakenOver: true } as const
  const prefilled = { copied: { id: 'x', names: ['A'] }, configuration: null, environmentProblem: null }
  const draft = { ...emptyDraft, id: 'draft-0001', source, prefilled }
  expect(draftIn(draft, 'a')).toBe(draft)
  expect(draftIn(draft, 'b')).toEqual({ ...emptyDraft, id: 'draft-0001' })
})

test('a pod that could not be read again is shown, since none of its variables are copied', () => {
  expect(prefilledBy({ ok: false, error: { message: 'Runpod doesn’t respond.' } })).toEqual({
    copied: null,
    configuration: null,
    environmentProblem: expect.stringMatching(/none of its variables are copied\. Runpod doesn’t respond\.$/),
  })
  const known = { copied: { id: 'x', names: ['A'] }, configuration: null, environmentProblem: null }
  expect(prefilledBy({ ok: true, value: { ...known, form: podForm() } })).toEqual(known)
})

test('favorites are remembered, as far as they can be read', () => {
  const kept = storage()
  saveFavorites(kept, ['a', 'b'])
  expect(loadFavorites(kept)).toEqual(['a', 'b'])
  expect(loadFavorites(storage({ 'podkeeper.favorite-gpus': '{"a":1}' }))).toEqual([])
  expect(loadFavorites(storage({ 'podkeeper.favorite-gpus': '["a",7]' }))).toEqual(['a'])
  expect(() => saveFavorites(storage({}, true), ['a'])).not.toThrow()
})
