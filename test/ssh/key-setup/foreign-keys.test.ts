import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { foreignKeys } from '../../../src/ssh/key-setup/foreign-keys'

const pair = (comment: string, passphrase?: string) =>
  ssh2.utils.generateKeyPairSync('ed25519', {
    comment,
    ...(passphrase !== undefined && { passphrase, cipher: 'aes256-cbc', rounds: 1 }),
  } as Parameters<typeof ssh2.utils.generateKeyPairSync>[1])

const here = pair('here')
const elsewhere = pair('old-laptop')

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'foreign-keys-'))
  mkdirSync(join(home, '.ssh'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const write = (name: string, text: string): void =>
  writeFileSync(join(home, '.ssh', name), text, { mode: 0o600 })

const find = (
  registered: readonly string[],
  {
    env = {},
    chosen = null,
    accountKey = null,
  }: { env?: Record<string, string>; chosen?: string | null; accountKey?: string | null } = {},
) => foreignKeys({ home, env, platform: 'linux', chosenFile: () => chosen }, registered, accountKey)

const namesOf = async (found: ReturnType<typeof find>): Promise<unknown> => {
  const part = await found
  return part.kind === 'read' ? part.items.map(({ name }) => name) : part.kind
}

test.each([
  ['a public file of any name', () => write('work-2024.pub', here.public)],
  ['a private key where ssh looks', () => write('id_ed25519', here.private)],
] as const)(
  'a registered key that %s on this computer has is not named, another one is',
  async (_, place) => {
    place()
    expect(await namesOf(find([here.public, elsewhere.public]))).toEqual(['old-laptop'])
    expect(await namesOf(find([here.public]))).toEqual([])
  },
)

test('without a key folder there are none here, and the key of the account itself is not another one', async () => {
  rmSync(join(home, '.ssh'), { recursive: true })
  expect(await namesOf(find([here.public, elsewhere.public], { accountKey: here.private }))).toEqual([
    'old-laptop',
  ])
})

test('where a key of this computer can’t be read, no key is said to be elsewhere', async () => {
  rmSync(join(home, '.ssh'), { recursive: true })
  writeFileSync(join(home, '.ssh'), 'a file in place of the folder')
  expect(await namesOf(find([elsewhere.public]))).toBe('unknown')
  rmSync(join(home, '.ssh'))
  mkdirSync(join(home, '.ssh'))

  write('huge.pub', 'x'.repeat(100_000))
  expect(await namesOf(find([elsewhere.public]))).toBe('unknown')
  rmSync(join(home, '.ssh/huge.pub'))

  write(
    'id_rsa',
    '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n',
  )
  expect(await namesOf(find([elsewhere.public]))).toBe('unknown')
  write('id_rsa.pub', here.public)
  expect(await namesOf(find([elsewhere.public]))).toEqual(['old-laptop'])

  expect(await namesOf(find([elsewhere.public], { env: { SSH_AUTH_SOCK: join(home, 'no-agent') } }))).toBe(
    'unknown',
  )
  expect(await namesOf(find([elsewhere.public], { chosen: join(home, 'gone') }))).toEqual(['old-laptop'])
})

test('of a line that is no key nothing is shown, because it may be a private one', async () => {
  const secret = 'b3BlbnNzaC1rZXktdjEAAAA'
  const found = await find([
    `-----BEGIN OPENSSH PRIVATE KEY----- ${secret}`,
    ` ${elsewhere.public}\u202eevil`,
  ])
  expect(JSON.stringify(found)).not.toContain(secret)
  expect(found).toMatchObject({
    items: [
      { name: expect.stringContaining('old-laptop') },
      { fingerprint: null, name: 'a line that is no key' },
    ],
  })
  expect(JSON.stringify(found)).not.toContain('\u202e')
})
