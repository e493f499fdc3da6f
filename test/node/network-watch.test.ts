import type { NetworkInterfaceInfo } from 'node:os'
import { expect, test } from 'vitest'
import { createNetworkWatch } from '../../src/node/network-watch'

const address = (text: string, internal = false): NetworkInterfaceInfo =>
  ({ address: text, internal, family: 'IPv4', mac: '', netmask: '', cidr: null }) as NetworkInterfaceInfo

test('each change of the addresses is reported once, and nothing else is', () => {
  let read: Record<string, NetworkInterfaceInfo[]> = { lo: [address('127.0.0.1', true)] }
  let changes = 0
  const network = createNetworkWatch(
    () => (changes += 1),
    () => read,
  )
  const changesWith = (now: typeof read): number => {
    read = now
    network.check()
    network.check()
    return changes
  }
  expect(changesWith({ lo: [address('127.0.0.1', true)] })).toBe(0)
  const both = [address('192.0.2.7'), address('198.51.100.7')]
  expect(changesWith({ wlan: both })).toBe(1)
  expect(changesWith({ wlan: [...both].reverse(), lo: [address('127.0.0.1', true)] })).toBe(1)
  expect(changesWith({})).toBe(2)
})
