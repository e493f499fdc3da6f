import { expect, test } from 'vitest'
import { createDraftStore, emptyDraft, isDraftEmpty } from '../../../src/renderer/new-pod/draft'
import { loadFavorites, saveFavorites } from '../../../src/renderer/new-pod/favorites'
import { podForm } from '../../harness/pod-forms'

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
  before.replace({ ...emptyDraft, accountId: 'a', source: { podKey: 'a/p', isRebuild: true } })
  before.change(podForm({ environment: 'A=canary' }))
  expect(before.store.getState().form.environment).toBe('A=canary')
  expect([...kept.items.values()].join()).not.toContain('canary')
  expect(createDraftStore(kept).store.getState()).toEqual({
    accountId: 'a',
    form: podForm({ environment: 'A=' }),
    source: { podKey: 'a/p', isRebuild: true },
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
    expect(createDraftStore(storage({ [KEY]: text })).store.getState()).toEqual(emptyDraft)
  const kept = storage()
  createDraftStore(kept).change({ name: 'x' })
  const stored = JSON.parse(kept.items.get(KEY)!) as object
  kept.setItem(KEY, JSON.stringify({ ...stored, podKey: 'no key', accountId: 7 }))
  expect(createDraftStore(kept).store.getState()).toMatchObject({ accountId: null, source: null })
  expect(isDraftEmpty(emptyDraft)).toBe(true)
  expect(isDraftEmpty({ form: podForm() })).toBe(false)
})

test('favorites are remembered, as far as they can be read', () => {
  const kept = storage()
  saveFavorites(kept, ['a', 'b'])
  expect(loadFavorites(kept)).toEqual(['a', 'b'])
  expect(loadFavorites(storage({ 'podkeeper.favorite-gpus': '{"a":1}' }))).toEqual([])
  expect(loadFavorites(storage({ 'podkeeper.favorite-gpus': '["a",7]' }))).toEqual(['a'])
  expect(() => saveFavorites(storage({}, true), ['a'])).not.toThrow()
})
