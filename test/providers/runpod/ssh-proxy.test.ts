import { expect, test } from 'vitest'
import { isOwnOrLocal } from '../../../src/providers/choose-base-url'
import { isRunpodProxy } from '../../../src/providers/runpod/ssh-proxy'

const proxy = { host: 'ssh.runpod.io', port: 22, username: 'abc123-64411cd8' }

test("only Runpod's proxy, with a user of this pod, is a known proxy", () => {
  expect(isRunpodProxy(proxy, 'abc123')).toBe(true)
  expect(isRunpodProxy({ ...proxy, host: 'SSH.runpod.io' }, 'abc123')).toBe(true)
  for (const other of [
    { ...proxy, host: 'ssh.runpod.io.evil.example' },
    { ...proxy, host: 'evil-ssh.runpod.io' },
    { ...proxy, host: '127.0.0.1' },
    { ...proxy, port: 2222 },
    { ...proxy, username: 'root' },
    { ...proxy, username: 'other-64411cd8' },
    { ...proxy, username: 'abc123' },
  ])
    expect(isRunpodProxy(other, 'abc123')).toBe(false)
})

test.each([
  ['https://api.runpod.io/v2', true],
  ['https://api.runpod.io/other', true],
  ['http://127.0.0.1:8080/v2', true],
  ['https://localhost/v2', true],
  ['https://api.runpod.io:8443/v2', false],
  ['https://api.runpod.io.evil.example/v2', false],
  ['https://evil.example/api.runpod.io', false],
  ['https://rest.runpod.io/v2', false],
])('whether a key may go to %s without asking: %s', (address, isAllowed) => {
  expect(isOwnOrLocal(new URL(address))).toBe(isAllowed)
})
