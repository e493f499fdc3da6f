import { expect, test } from 'vitest'
import { createSnapshotReader, serializeSnapshot } from '../../src/shared/snapshot-text'
import { podView, snapshotOf } from '../harness/samples/pod-views'

test('a snapshot is read back unchanged', () => {
  const snapshot = snapshotOf([podView({ id: 'a', name: '"quoted" \u2028 \u202e' }), podView({ id: 'b' })])
  expect(createSnapshotReader()(serializeSnapshot(snapshot))).toEqual(snapshot)
})

test('an unchanged pod is the same object, at any position', () => {
  const read = createSnapshotReader()
  const [a, b] = [podView({ id: 'a' }), podView({ id: 'b' })]
  const first = read(serializeSnapshot(snapshotOf([a, b])))
  const second = read(
    serializeSnapshot(snapshotOf([podView({ id: 'b', utilPercent: 1 }), a], { revision: 2 })),
  )
  expect(second.pods[1]).toBe(first.pods[0])
  expect(second.pods[0]).toEqual({ ...b, utilPercent: 1 })
  expect(second.revision).toBe(2)
})

test('a pod that left and came back is parsed again', () => {
  const read = createSnapshotReader()
  const with1 = serializeSnapshot(snapshotOf([podView()]))
  const first = read(with1)
  read(serializeSnapshot(snapshotOf([])))
  expect(read(with1).pods[0]).not.toBe(first.pods[0])
  expect(read(with1).pods[0]).toEqual(first.pods[0])
})
