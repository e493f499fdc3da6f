import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseKeyFile, parsePublicKeyLine, publicBlobOfUnlocked } from '../../../src/ssh/keys/key-file-parser'
import { tempFolder } from '../../harness/ssh/openssh-for-test'
import { generateKeyPair } from '../../harness/ssh/openssh-server'
import { ed25519, fields, lineOf } from './key-samples'

function openSshText(...parts: readonly Buffer[]): string {
  const base64 = Buffer.concat([Buffer.from('openssh-key-v1\0'), ...parts]).toString('base64')
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${base64}\n-----END OPENSSH PRIVATE KEY-----\n`
}
const one = Buffer.from([0, 0, 0, 1])

describe('the text of a key file', () => {
  it.each([
    ['ed25519', '', [], true],
    ['ed25519', 'secret', [], true],
    ['ed25519', 'secret', ['-Z', 'aes256-gcm@openssh.com'], true],
    ['rsa:2048', 'secret', [], true],
    ['rsa:2048', '', ['-m', 'PEM'], false],
    ['ecdsa:256', '', ['-m', 'PEM'], false],
    ['ecdsa:256', 'secret', ['-m', 'PEM'], false],
  ] as const)(
    'is a private key if ssh-keygen created it: %s, passphrase "%s", %s',
    (type, passphrase, more, isKnown) => {
      const { file, publicLine } = generateKeyPair(join(tempFolder('text'), 'key'), type, passphrase, more)
      expect(parseKeyFile(readFileSync(file, 'utf8'))).toEqual({
        kind: 'private',
        isLocked: passphrase !== '',
        publicKey: isKnown ? parsePublicKeyLine(publicLine) : null,
      })
      expect(parsePublicKeyLine(publicLine)).not.toBeNull()
    },
  )

  it.each([
    ['', 'The file is empty.'],
    ['  \n', 'The file is empty.'],
    ['PuTTY-User-Key-File-2: ssh-rsa', 'PuTTY'],
    ['SHA256:xyz', 'fingerprint'],
    ['sha256:xyz', 'fingerprint'],
    ['MD5:16:27:ac', 'fingerprint'],
    ['16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48', 'fingerprint'],
    [lineOf(ed25519(1)), 'public key'],
    ['sk-ssh-ed25519@openssh.com AAAAGn', 'public key'],
    ['ecdsa-sha2-nistp256 AAAA x', 'public key'],
    ['---- BEGIN SSH2 PUBLIC KEY ----', 'public key'],
    ['-----BEGIN PUBLIC KEY-----', 'public key'],
    ['-----BEGIN RSA PUBLIC KEY-----', 'public key'],
    ['-----BEGIN DSA PRIVATE KEY-----\nx\n-----END DSA PRIVATE KEY-----', 'DSA'],
    ['-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----', 'PKCS #8'],
    ['-----BEGIN ENCRYPTED PRIVATE KEY-----\nx\n-----END ENCRYPTED PRIVATE KEY-----', 'PKCS #8'],
    ['-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----', 'not a private key'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nx', 'not a private key'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nx\n-----END RSA PRIVATE KEY-----', 'not a private key'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----', 'damaged'],
    [openSshText(), 'damaged'],
    [openSshText(fields('none')), 'damaged'],
    [openSshText(fields('none', 'none', '')), 'damaged'],
    [openSshText(fields('none', 'none', ''), one, fields(fields('ssh-ed25519', 'short'))), 'damaged'],
    [openSshText(fields('none', 'none', ''), one), 'damaged'],
    [openSshText(fields('none', 'none', ''), one, fields('x')), 'type of key'],
    [openSshText(fields('none', 'none', ''), one, fields(fields('ssh-dss', 'x'))), 'type of key'],
    [
      openSshText(fields('none', 'none', ''), one, fields(fields('sk-ssh-ed25519@openssh.com', 'x'))),
      'security key',
    ],
    ['x'.repeat(1_000), 'not a private key'],
    ['about SHA256:xyz', 'not a private key'],
    ['ab:cd', 'not a private key'],
    [`# ${lineOf(ed25519(1))}`, 'not a private key'],
    ['# ---- BEGIN SSH2 PUBLIC KEY ----', 'not a private key'],
    ['# -----BEGIN PUBLIC KEY-----', 'not a private key'],
    [`# ${openSshText(fields('none', 'none', ''), one, fields(ed25519(1).blob))}`, 'not a private key'],
    [
      openSshText(fields('none', 'none', ''), one, fields(ed25519(1).blob)).replace(
        'b3BlbnNzaC1rZXktdjEA',
        'b3BlbnNzaC1rZXktdjIA',
      ),
      'damaged',
    ],
  ])('gives a clear reason if it is not a key: %j', (text, words) => {
    expect(parseKeyFile(text)).toEqual({ kind: 'unusable', problem: expect.stringContaining(words) })
  })

  it('can have surrounding spaces and Windows line endings', () => {
    const text = openSshText(fields('none', 'none', ''), one, fields(ed25519(1).blob), fields('private'))
    const expected = { kind: 'private', isLocked: false, publicKey: ed25519(1) }
    expect(parseKeyFile(`\n\n ${text.replaceAll('\n', '\r\n')} `)).toEqual(expected)
  })

  it('is encrypted for any cipher except none', () => {
    const text = openSshText(
      fields('aes256-ctr', 'bcrypt', 'x'),
      one,
      fields(ed25519(1).blob),
      fields('private'),
    )
    expect(parseKeyFile(text)).toMatchObject({ isLocked: true, publicKey: ed25519(1) })
  })
})

describe('the public half of a private key', () => {
  const parts = (cipher: string) =>
    [fields(cipher, 'none', ''), one, fields(ed25519(1).blob), fields('private')] as const

  it('is read from an OpenSSH key without a passphrase', () => {
    expect(publicBlobOfUnlocked(openSshText(...parts('none')))).toEqual(ed25519(1).blob)
  })

  it('is not read from a key with a passphrase, nor from a text of another label', () => {
    expect(publicBlobOfUnlocked(openSshText(...parts('aes256-ctr')))).toBeNull()
    const other = openSshText(...parts('none')).replaceAll('OPENSSH', 'RSA')
    expect(publicBlobOfUnlocked(other)).toBeNull()
    expect(publicBlobOfUnlocked('')).toBeNull()
  })
})

describe('the line of a public key', () => {
  it('is parsed with its comment', () => {
    expect(parsePublicKeyLine(` ${lineOf(ed25519(1)).replace(' ', '  ')} me@here\n`)).toEqual(ed25519(1))
  })

  it.each(['', 'ssh-ed25519', 'ssh-ed25519 AAAA', `ssh-rsa ${ed25519(1).blob.toString('base64')}`])(
    'is not a key: %j',
    (text) => {
      expect(parsePublicKeyLine(text)).toBeNull()
    },
  )
})
