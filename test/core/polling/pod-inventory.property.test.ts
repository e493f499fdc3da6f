import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  emptyInventory,
  type PodInventory,
  podsOf,
  podsToConfirm,
  recentlyGonePods,
  withList,
  withoutPod,
  withPod,
} from '../../../src/core/polling/pod-inventory'
import { pod } from '../../harness/samples/pods'

/*
 * Requests are numbered when they are sent, and answered in any order or never. The model below follows one
 * pod by the documented rules, from the replies in order of arrival.
 */

type Reply =
  | { readonly kind: 'list'; readonly hasPod: boolean; readonly isComplete: boolean }
  | { readonly kind: 'found' | 'not-found' | 'failed' }
interface Answer {
  readonly order: number
  readonly reply: Reply
}

const reply: fc.Arbitrary<Reply> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('list' as const),
      hasPod: fc.boolean(),
      isComplete: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('found', 'not-found', 'not-found', 'failed') }),
  },
)

/** Replies to requests 2, 3, …, each up to three places later than it was requested. */
const answers: fc.Arbitrary<Answer[]> = fc
  .array(fc.record({ reply, delay: fc.constantFrom(0, 0, 0, 1, 2, 3) }), { maxLength: 20 })
  .map((asked) =>
    asked
      .map((one, index) => ({ order: index + 2, reply: one.reply, place: index + one.delay }))
      .sort((a, b) => a.place - b.place)
      .map(({ order, reply: what }) => ({ order, reply: what })),
  )

const first = withList(emptyInventory, { pods: [pod()], isComplete: true }, { order: 1, atMs: 1 })

function applyAnswer(inventory: PodInventory, { order, reply: what }: Answer): PodInventory {
  const request = { order, atMs: order }
  switch (what.kind) {
    case 'list':
      return withList(inventory, { pods: what.hasPod ? [pod()] : [], isComplete: what.isComplete }, request)
    case 'found':
      return withPod(inventory, pod(), request)
    case 'not-found':
      return withoutPod(inventory, 'pod-1', request)
    case 'failed':
      return inventory
  }
}

interface Model {
  readonly isThere: boolean
  /** The newest request that contained the pod or found it gone. */
  readonly knownAt: number
  /** Complete lists without the pod since it was last contained. */
  readonly missed: number
  readonly listAt: number
}

function applyToModel(model: Model, { order, reply: what }: Answer): Model {
  const isOlder = order < model.knownAt
  switch (what.kind) {
    case 'list': {
      if (order < model.listAt) return model
      const listed = { ...model, listAt: order }
      if (what.hasPod && isOlder) return { ...listed, missed: 0 }
      if (what.hasPod) return { ...listed, isThere: true, knownAt: order, missed: 0 }
      return what.isComplete && !isOlder ? { ...listed, missed: model.missed + 1 } : listed
    }
    case 'found':
      return model.isThere && !isOlder ? { ...model, knownAt: order, missed: 0 } : model
    case 'not-found':
      return model.isThere && !isOlder && model.missed >= 2
        ? { ...model, isThere: false, knownAt: order, missed: 0 }
        : model
    case 'failed':
      return model
  }
}

describe('for any replies in any order', () => {
  test('only two complete lists in a row and a 404 make a pod gone, and only a newer list brings it back', () => {
    fc.assert(
      fc.property(answers, (sequence) => {
        let inventory = first
        let model: Model = { isThere: true, knownAt: 1, missed: 0, listAt: 1 }
        for (const answer of sequence) {
          inventory = applyAnswer(inventory, answer)
          model = applyToModel(model, answer)
          expect(podsOf(inventory)).toHaveLength(model.isThere ? 1 : 0)
          expect(recentlyGonePods(inventory, 100)).toHaveLength(model.isThere ? 0 : 1)
          expect(podsToConfirm(inventory)).toHaveLength(model.isThere && model.missed >= 2 ? 1 : 0)
        }
      }),
    )
  })

  test('no pod is gone without a 404', () => {
    fc.assert(
      fc.property(answers, (sequence) => {
        const inventory = sequence
          .filter(({ reply: what }) => what.kind !== 'not-found')
          .reduce(applyAnswer, first)
        expect(podsOf(inventory)).toHaveLength(1)
      }),
    )
  })

  test('no pod is gone without complete lists', () => {
    fc.assert(
      fc.property(answers, (sequence) => {
        const inventory = sequence
          .filter(({ reply: what }) => !(what.kind === 'list' && what.isComplete))
          .reduce(applyAnswer, first)
        expect(podsOf(inventory)).toHaveLength(1)
      }),
    )
  })
})
