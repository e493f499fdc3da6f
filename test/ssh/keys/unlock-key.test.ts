import { createPublicKey } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toOpenKey } from '../../../src/ssh/keys/private-key'
import { unlockKey } from '../../../src/ssh/keys/unlock-key'
import { sshTiming } from '../../../src/ssh/connection/connect'
import { buildProgram } from '../../harness/setup/build-program'
import { startOpenSshForTest, tempFolder } from '../../harness/ssh/openssh-for-test'
import { generateKeyPair } from '../../harness/ssh/openssh-server'
import { createSshClient, target, toEndpoint } from '../../harness/ssh/ssh-client'
import { endlessKey } from './key-samples'

const program = await buildProgram('src/ssh/keys/unlock-worker.ts')
const never = new AbortController().signal
const LONG_MS = 60_000

function lockedKey(more: readonly string[] = [], type = 'ed25519'): string {
  return readFileSync(generateKeyPair(join(tempFolder('locked'), 'key'), type, 'secret', more).file, 'utf8')
}
const threads = (): number => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length

describe('a key with a passphrase', () => {
  it.each(['ed25519', 'ecdsa:256', 'ecdsa:384', 'ecdsa:521'])('is decrypted and signs: %s', async (type) => {
    const text = lockedKey([], type)
    const opened = await unlockKey(program, { text, passphrase: 'secret' }, LONG_MS, never)
    if (opened.kind !== 'unlocked') throw new Error(opened.kind)
    expect(createPublicKey(opened.key.pem).asymmetricKeyType).toBe(type === 'ed25519' ? type : 'ec')
    const signature = await toOpenKey(opened.key)?.sign(Buffer.from('data'), undefined)
    expect(signature?.length).toBeGreaterThan(60)
  })

  it('does not sign with an unspecified RSA method', async () => {
    const text = lockedKey([], 'rsa:2048')
    const opened = await unlockKey(program, { text, passphrase: 'secret' }, LONG_MS, never)
    const key = opened.kind === 'unlocked' ? toOpenKey(opened.key) : null
    expect(await key?.sign(Buffer.from('data'), 'sha512')).toHaveLength(256)
    await expect(key?.sign(Buffer.from('data'), undefined)).rejects.toThrow('No signature algorithm')
  })

  it('does not block anything else, however long it takes', async () => {
    const text = lockedKey(['-a', '100'])
    let ticks = 0
    const timer = setInterval(() => ticks++, 1)
    const opened = await unlockKey(program, { text, passphrase: 'secret' }, LONG_MS, never)
    clearInterval(timer)
    expect(opened.kind).toBe('unlocked')
    expect(ticks).toBeGreaterThan(50)
  })

  it('stays encrypted with a wrong passphrase or none', async () => {
    const text = lockedKey()
    for (const passphrase of ['wrong', ''])
      expect(await unlockKey(program, { text, passphrase }, LONG_MS, never)).toEqual({
        kind: 'wrong-passphrase',
      })
  })

  it('is given up in time if it would take forever, and its thread ends', async () => {
    await expect.poll(threads).toBe(0)
    const key = { text: endlessKey(lockedKey()), passphrase: 'secret' }
    const opening = unlockKey(program, key, 500, never)
    expect(threads()).toBeGreaterThan(0)
    expect(await opening).toEqual({ kind: 'too-slow' })
    await expect.poll(threads).toBe(0)
  })

  it('is given up when the caller no longer waits', async () => {
    await expect.poll(threads).toBe(0)
    const key = { text: endlessKey(lockedKey()), passphrase: 'secret' }
    const end = new AbortController()
    const opening = unlockKey(program, key, LONG_MS, end.signal)
    end.abort()
    expect(await opening).toEqual({ kind: 'failed' })
    expect(await unlockKey(program, key, LONG_MS, end.signal)).toEqual({ kind: 'failed' })
    await expect.poll(threads).toBe(0)
  })

  it('fails if its thread fails', async () => {
    const key = { text: lockedKey(), passphrase: 'secret' }
    expect(await unlockKey('/nowhere/unlock.js', key, LONG_MS, never)).toEqual({ kind: 'failed' })
  })
})

describe('a key file that demands excessive work', () => {
  it('is reported as such', async () => {
    const here = createSshClient({ timing: { ...sshTiming, unlockMs: 500 } })
    const { file, publicLine } = here.key('id_ed25519', 'ed25519', 'secret')
    writeFileSync(file, endlessKey(readFileSync(file, 'utf8')))
    const server = await startOpenSshForTest({ authorized: [publicLine] })
    here.person.passphrases = ['secret', 'secret']
    const at = target(toEndpoint(server))
    expect(await here.connect(at)).toEqual({
      ok: false,
      error: { kind: 'key-too-slow', keyName: '~/.ssh/id_ed25519', limitMs: 500 },
    })
    expect(here.person.passphraseRequests).toHaveLength(1)
  })

  it('is given up when the terminal is closed', async () => {
    const here = createSshClient()
    const { file, publicLine } = here.key('id_ed25519', 'ed25519', 'secret')
    writeFileSync(file, endlessKey(readFileSync(file, 'utf8')))
    const server = await startOpenSshForTest({ authorized: [publicLine] })
    const end = new AbortController()
    await expect.poll(threads).toBe(0)
    here.person.passphrases = ['secret']
    const answer = here.connect(target(toEndpoint(server)), end.signal)
    await expect.poll(threads).toBeGreaterThan(0)
    end.abort()
    expect((await answer).ok).toBe(false)
    await expect.poll(threads).toBe(0)
  })
})
