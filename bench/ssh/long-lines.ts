import { readSshConfig } from '../../src/ssh/config/ssh-config'
import type { Measurement } from '../measurement'

const asked = { host: 'h', user: 'u', localUser: null, aliases: [], home: '/h', env: {}, include: () => [] }
const LENGTH = 1_000_000
const MAX_S = 60

/** Malicious lines of `~/.ssh/config` that would take a backtracking parser hours. */
export function measureLongLines(): Promise<readonly Measurement[]> {
  const startedAtMs = performance.now()
  readLongLines(LENGTH)
  return Promise.resolve([
    {
      group: 'ssh',
      name: `reading 40 hostile lines of ${LENGTH} characters`,
      unit: 's',
      value: (performance.now() - startedAtMs) / 1_000,
      spread: null,
      baseline: null,
      beside: null,
      goal: { kind: 'value', atMost: MAX_S },
    },
  ])
}

export function readLongLines(length: number): void {
  for (const text of ['${', '%', '"" ', ' ', '=', '!', '*', '\\ '])
    for (const keyword of ['IdentityFile', 'Include', 'Host', 'Match user', ''])
      readSshConfig(`${keyword} ${text.repeat(length / text.length)}x`, asked)
}
