import { expect, test } from 'vitest'
import { hostKeyQuestion } from '../../../src/core/confirmation/terminal-questions'
import type { HostKeyView } from '../../../src/core/terminal/host-key'

const offered: HostKeyView = { algorithm: 'ssh-ed25519', fingerprint: 'SHA256:offered' }

test.each([
  [undefined, []],
  [offered, ['plain: Another of your accounts trusts the same key.']],
  [
    { ...offered, fingerprint: 'SHA256:known' },
    [expect.stringMatching(/^bad: Another of your accounts knows a different key: ed25519 SHA256:known\./)],
  ],
])('the question about a proxy’s key says what another account knows of it: %#', (known, expected) => {
  const { text } = hostKeyQuestion('llama', {
    kind: 'new',
    server: { route: 'proxy', host: 'ssh.runpod.io', port: 22 },
    username: 'k7q2-1',
    isKnownProxy: true,
    offered,
    ...(known && { knownByAnotherAccount: known }),
  })
  const lines = text.lines.map((line) => `${line.tone}: ${line.text}`)
  expect(lines.filter((line) => line.includes('Another of your accounts'))).toEqual(expected)
})
