import { expect, test } from 'vitest'
import { createSnapshotReader, writeSnapshot } from '../../src/shared/snapshot-text'
import { podView, snapshotOf } from '../harness/pod-views'

test('what is read is what was written', () => {
  const snapshot = snapshotOf([podView({ id: 'a', name: '"quoted" \u2028 \u202e' }), podView({ id: 'b' })])
  expect(createSnapshotReader()(writeSnapshot(snapshot))).toEqual(snapshot)
})

test('a pod that did not change is the same object, wherever it stands', () => {
  const read = createSnapshotReader()
  const [a, b] = [podView({ id: 'a' }), podView({ id: 'b' })]
  const first = read(writeSnapshot(snapshotOf([a, b])))
  const second = read(writeSnapshot(snapshotOf([podView({ id: 'b', utilPercent: 1 }), a], { revision: 2 })))
  expect(second.pods[1]).toBe(first.pods[0])
  expect(second.pods[0]).toEqual({ ...b, utilPercent: 1 })
  expect(second.revision).toBe(2)
})

test('a pod that left and comes back is read anew', () => {
  const read = createSnapshotReader()
  const with1 = writeSnapshot(snapshotOf([podView()]))
  const first = read(with1)
  read(writeSnapshot(snapshotOf([])))
  expect(read(with1).pods[0]).not.toBe(first.pods[0])
  expect(read(with1).pods[0]).toEqual(first.pods[0])
})
