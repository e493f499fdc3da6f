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
  const { text } = hostKeyQuestion('llama', null, {
    accountId: 'lab',
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

test('a host key is trusted for one account, which the question names: no two accounts share an answer', () => {
  const asked = (accountId: string, accountName: string | null) =>
    hostKeyQuestion('llama', accountName, {
      kind: 'new',
      accountId,
      server: { route: 'direct', host: '203.0.113.5', port: 22_011 },
      username: 'root',
      isKnownProxy: false,
      offered,
    })
  const [lab, cloud] = [asked('lab', 'Dark energy'), asked('cloud', 'Work')]
  expect(JSON.stringify(lab.text)).toContain('Dark energy')
  expect(lab.text).not.toEqual(cloud.text)
  expect(lab.sharedAs).not.toBe(cloud.sharedAs)
  expect(asked('lab', 'Dark energy').sharedAs).toBe(lab.sharedAs)
  expect(JSON.stringify(asked('lab', null).text)).not.toContain('In your account')
})
