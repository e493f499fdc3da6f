import { expect, test } from 'vitest'
import { servedAddress, servePlaceOf } from '../../../src/cli/serve/serve-place'

const tls = { tlsCert: '/c.pem', tlsKey: '/k.pem' }

test('serve stays on this computer unless another address is asked for', () => {
  const { listenAt, allowedHosts } = servePlaceOf({})
  expect([servedAddress(listenAt, null), allowedHosts]).toEqual(['http://127.0.0.1:4780', []])
  const { listenAt: other } = servePlaceOf({
    bind: 'fd00::5',
    port: 443,
    allowHost: ['Pods.example.org'],
    ...tls,
  })
  expect(servedAddress(other, 443)).toBe('https://[fd00::5]:443')
  expect(other).toMatchObject({ tls: { certPath: '/c.pem', keyPath: '/k.pem' } })
})

test.each([
  ['a name', { bind: 'localhost' }, 'is not an IP address'],
  ['an address of the network without encryption', { bind: '10.0.0.5' }, '--tls-cert'],
  ['all addresses without a name', { bind: '0.0.0.0', ...tls }, '--allow-host'],
  ['a certificate without its key', { tlsCert: '/c.pem' }, 'together'],
  ['an address as a host name', { allowHost: ['https://pods.example.org'] }, 'is not a host name'],
  ['a pattern as a host name', { allowHost: ['*.example.org'] }, 'is not a host name'],
])('serve refuses %s and listens nowhere', (_what, options, message) => {
  expect(() => servePlaceOf(options)).toThrow(message)
})
