import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isServedHost, placeProblem } from '../../../../src/core/pods-api/access/served-place'

const place = { address: '127.0.0.1', hasTls: false, isBehindProxy: false, allowedHosts: [] }
const addresses = fc.oneof(fc.ipV4(), fc.ipV6())
const isOfThisComputer = (address: string): boolean => /^127\.|^::1$/.test(address)

test('what other computers can reach is served only encrypted, or where a person says that a proxy encrypts it', () => {
  fc.assert(
    fc.property(addresses, fc.boolean(), fc.boolean(), (address, hasTls, isBehindProxy) => {
      const problem = placeProblem({ address, hasTls, isBehindProxy, allowedHosts: ['a.example'] })
      expect(problem).toBe(isOfThisComputer(address) || hasTls || isBehindProxy ? null : 'needs-encryption')
    }),
  )
  expect(placeProblem(place)).toBeNull()
  expect(placeProblem({ ...place, address: null })).toBeNull()
})

test('all addresses of a computer are served only under names that a person gave', () => {
  for (const address of ['0.0.0.0', '::']) {
    expect(placeProblem({ ...place, address, hasTls: true })).toBe('needs-host')
    expect(placeProblem({ ...place, address, hasTls: true, allowedHosts: ['a.example'] })).toBeNull()
  }
})

test('a request may name this computer, the address that is served, and the names that a person gave', () => {
  const served = { address: '10.0.0.5', allowedHosts: ['pods.example.org'] }
  for (const host of ['10.0.0.5', 'pods.example.org', 'PODS.example.org', 'localhost', '127.0.0.1', '::1'])
    expect(isServedHost(host, served)).toBe(true)
  for (const host of [
    undefined,
    '',
    '10.0.0.6',
    'example.org',
    'xpods.example.org',
    'pods.example.org.evil.example',
  ])
    expect(isServedHost(host, served)).toBe(false)
  expect(isServedHost('0.0.0.0', { ...served, address: '0.0.0.0' })).toBe(false)
})

test('at a socket any host is accepted until a person names some', () => {
  const socket = { address: null, allowedHosts: [] }
  expect([undefined, 'x'].map((host) => isServedHost(host, socket))).toEqual([true, true])
  const named = { address: null, allowedHosts: ['pods.example.org'] }
  expect(['pods.example.org', 'x', undefined].map((host) => isServedHost(host, named))).toEqual([
    true,
    false,
    false,
  ])
})

test('no name that nobody gave is accepted', () => {
  fc.assert(
    fc.property(fc.domain(), addresses, (host, address) => {
      expect(isServedHost(host, { address, allowedHosts: [`x.${host}`, host.slice(1)] })).toBe(false)
    }),
  )
})
