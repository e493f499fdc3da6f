import fc from 'fast-check'
import * as v from 'valibot'
import { expect, it } from 'vitest'
import { podKeyOf } from '../../../src/core/pods/pod'
import {
  ownAddress,
  parsePortForward,
  savedForwardsSchema,
  withForwards,
} from '../../../src/core/ports/port-forward'

it('a forward is a port, or one of this computer and one of the pod', () => {
  expect(parsePortForward('8888')).toEqual({ localPort: 8_888, remotePort: 8_888 })
  expect(parsePortForward('3000:8888')).toEqual({ localPort: 3_000, remotePort: 8_888 })
  for (const bad of ['', '0', '65536', '8888:', ':8888', '-1', '1:2:3', '8888/tcp', '70000:1', ' 80'])
    expect(parsePortForward(bad), bad).toBeNull()
})

it('saved forwards of a pod replace each other, and the oldest leave', () => {
  const one = { remotePort: 1, localPort: 2 }
  const saved = withForwards(withForwards([], 'a', 'p', [one]), 'a', 'q', [one])
  expect(withForwards(saved, 'a', 'p', [])).toEqual([{ accountId: 'a', podId: 'q', ...one }])
  expect(withForwards(saved, 'b', 'p', [one])).toHaveLength(3)
  const many = Array.from({ length: 600 }, (_, at) => ({ accountId: 'a', podId: `p${at}`, ...one }))
  expect(withForwards(many, 'a', 'new', [one])).toHaveLength(500)
  expect(withForwards(many, 'a', 'new', [one]).at(-1)?.podId).toBe('new')
})

it('saved forwards are read if they are that', () => {
  const forwards = [{ accountId: 'a', podId: 'p', remotePort: 80, localPort: 8_080 }]
  expect(v.parse(savedForwardsSchema, { version: 1, forwards })).toEqual(forwards)
  for (const bad of [
    null,
    {},
    { version: 2, forwards },
    { version: 1, forwards: [{ ...forwards[0], localPort: 0 }] },
  ])
    expect(v.is(savedForwardsSchema, bad)).toBe(false)
})

it('a pod’s own address is always the same, in 127.0.0.0/8, and never the shared one', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (accountId, podId) => {
      const address = ownAddress(podKeyOf(accountId, podId))
      expect(address).toBe(ownAddress(podKeyOf(accountId, podId)))
      expect(address).toMatch(/^127\.([1-9]|[1-9]\d|1\d\d|2[0-4]\d|25[0-4])\.\d{1,3}\.([1-9]\d{0,2})$/)
      expect(address).not.toMatch(/\.255$/)
    }),
  )
})
