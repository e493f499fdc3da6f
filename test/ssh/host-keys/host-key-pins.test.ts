import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { presentFormat } from '../../../src/node/data-folder/format/folder-format'
import { HostKeyFile } from '../../../src/ssh/host-keys/host-key-file'
import {
  findPin,
  type HostKeyPin,
  parsePins,
  pinsOfOthers,
  type PinScope,
  serializePins,
  withoutPin,
  withPin,
  withStartTime,
} from '../../../src/ssh/host-keys/host-key-pins'
import { dataFolder } from '../../harness/ssh/openssh-for-test'
import { ecdsa, ed25519, rsa } from '../keys/key-samples'

/** Besides the one that says the format. */
const filesIn = (folder: string): string[] => readdirSync(folder).filter((name) => name !== 'format.json')

const pod = (podId: string, accountId = 'a'): PinScope => ({ kind: 'pod', accountId, podId })
const host = (name: string, port = 22, accountId = 'a'): PinScope => ({
  kind: 'host',
  accountId,
  host: name,
  port,
})
const pin = (scope: PinScope, key = ed25519(1), startedAtMs: number | null = null): HostKeyPin => ({
  scope,
  key,
  pinnedAtMs: 1_000,
  startedAtMs,
})
const some = [pin(pod('p')), pin(pod('q'), ecdsa(1), 5), pin(host('h', 2222), rsa(2048))]

describe('pinned host keys', () => {
  it('are unchanged after writing and reading', () => {
    expect(parsePins(serializePins(some))).toEqual(some)
    expect(parsePins(serializePins([]))).toEqual([])
  })

  it('are found by their own scope only', () => {
    expect(findPin(some, pod('q'))).toBe(some[1])
    expect(findPin(some, pod('q', 'b'))).toBeNull()
    expect(findPin(some, host('H', 2222))).toBe(some[2])
    expect(findPin(some, host('h', 22))).toBeNull()
    expect(findPin(some, host('h', 2222, 'b'))).toBeNull()
    expect(findPin(some, host('p'))).toBeNull()
    expect(findPin([], pod('p'))).toBeNull()
  })

  it('of a host are one per account, and what another account knows is found', () => {
    const [ours, theirs] = [pin(host('h', 2222), ed25519(1)), pin(host('H', 2222, 'b'), ed25519(2))]
    const both = withPin(withPin([pin(pod('p', 'b'))], ours), theirs)
    expect(findPin(both, host('h', 2222))).toBe(ours)
    expect(findPin(withoutPin(both, ours.scope), host('h', 2222, 'b'))).toBe(theirs)
    expect(pinsOfOthers(both, ours.scope)).toEqual([theirs])
    expect(pinsOfOthers(both, host('h', 22))).toEqual([])
    expect(pinsOfOthers(both, pod('p'))).toEqual([])
  })

  it('are limited to one per scope, and a later one replaces it', () => {
    const later = pin(pod('p'), ed25519(9))
    expect(withPin(some, later)).toEqual([some[1], some[2], later])
    expect(withoutPin(some, pod('p'))).toEqual([some[1], some[2]])
    expect(withoutPin(some, pod('else'))).toEqual(some)
  })

  it('are removed oldest first above ten thousand', () => {
    const many = Array.from({ length: 10_000 }, (_, n) => pin(pod(String(n))))
    const more = withPin(many, pin(pod('new')))
    expect(more).toHaveLength(10_000)
    expect(findPin(more, pod('0'))).toBeNull()
    expect(findPin(more, pod('new'))).not.toBeNull()
  })

  it('store the latest pod start at which they were seen', () => {
    const at = (startedAtMs: number | null) => pin(pod('p'), ed25519(1), startedAtMs)
    expect(withStartTime(at(null), 5)).toEqual(at(5))
    expect(withStartTime(at(5), 6)).toEqual(at(6))
    expect(withStartTime(at(null), 0)).toEqual(at(0))
    const unknown = at(null)
    expect(withStartTime(unknown, null)).toBe(unknown)
    for (const same of [null, 4, 5]) {
      const known = at(5)
      expect(withStartTime(known, same)).toBe(known)
    }
  })
})

describe('a damaged pin file', () => {
  const text = serializePins(some)
  const changed = (change: (file: any) => void): string => {
    const file = JSON.parse(text)
    change(file)
    return JSON.stringify(file)
  }

  it.each([
    ['nothing', ''],
    ['half of it', text.slice(0, text.length / 2)],
    ['a later version', changed((file) => (file.version = 2))],
    ['something more', changed((file) => (file.more = 1))],
    ['something more in a pin', changed((file) => (file.keys[0].more = 1))],
    ['another algorithm', changed((file) => (file.keys[0].algorithm = 'ssh-rsa'))],
    ['another fingerprint', changed((file) => (file.keys[0].fingerprint = file.keys[1].fingerprint))],
    ['another key', changed((file) => (file.keys[0].key = file.keys[1].key))],
    ['no key', changed((file) => (file.keys[0].key = 'AAAA'))],
    ['no base64', changed((file) => (file.keys[0].key = '%'))],
    ['a scope of nobody', changed((file) => (file.keys[0].scope.podId = ''))],
    ['another kind of scope', changed((file) => (file.keys[0].scope.kind = 'all'))],
    ['a host of no account', changed((file) => delete file.keys[2].scope.accountId)],
    ['no port', changed((file) => (file.keys[2].scope.port = 0))],
    ['half a port', changed((file) => (file.keys[2].scope.port = 22.5))],
    ['no time', changed((file) => (file.keys[0].pinnedAtMs = null))],
    ['a time in words', changed((file) => (file.keys[0].startedAtMs = 'now'))],
    ['two of one scope', changed((file) => file.keys.push(file.keys[0]))],
  ])('is rejected as a whole: %s', (_, damaged) => {
    expect(parsePins(damaged)).toBeNull()
  })

  it('is detected wherever it is cut off', () => {
    for (let length = 0; length < text.length - 1; length += 7)
      expect(parsePins(text.slice(0, length))).toBeNull()
  })
})

describe('the file of pinned keys', () => {
  function open(path: string) {
    const problems: string[] = []
    const file = new HostKeyFile({ path, nowMs: () => 77, onProblem: (words) => problems.push(words) })
    return { file, problems }
  }

  it('exists once a key is pinned and is read by the next run', () => {
    const path = join(dataFolder('pins'), 'host-keys.json')
    const { file, problems } = open(path)
    expect(file.find(pod('p'))).toBeNull()
    expect(existsSync(path)).toBe(false)
    for (const each of some) file.pin(each)
    file.forget(pod('q'))
    const next = open(path).file
    expect(next.find(pod('p'))).toEqual(some[0])
    expect(next.find(pod('q'))).toBeNull()
    expect(problems).toEqual([])
  })

  it('is rewritten only when a key is seen after a later start', () => {
    const path = join(dataFolder('pins'), 'host-keys.json')
    const { file } = open(path)
    file.pin(pin(pod('p'), ed25519(1), 5))
    writeFileSync(path, '')
    file.recordSeen(pin(pod('p'), ed25519(1), 5), 5)
    expect(readFileSync(path, 'utf8')).toBe('')
    file.recordSeen(pin(pod('p'), ed25519(1), 5), 6)
    expect(open(path).file.find(pod('p'))?.startedAtMs).toBe(6)
  })

  it('does not restore a forgotten or replaced key when it is seen again', () => {
    const { file } = open(join(dataFolder('pins'), 'host-keys.json'))
    file.recordSeen(pin(pod('p'), ed25519(1), 5), 6)
    expect(file.find(pod('p'))).toBeNull()
    file.pin(pin(pod('p'), ed25519(2), 5))
    file.recordSeen(pin(pod('p'), ed25519(1), 5), 6)
    expect(file.find(pod('p'))).toEqual(pin(pod('p'), ed25519(2), 5))
  })

  it('is set aside and reported if it is damaged', () => {
    const home = dataFolder('pins')
    const path = join(home, 'host-keys.json')
    writeFileSync(path, 'damaged')
    const { file, problems } = open(path)
    expect(file.find(pod('p'))).toBeNull()
    expect(problems).toEqual([expect.stringContaining(`${path}.damaged-77`)])
    file.pin(pin(pod('p')))
    expect(filesIn(home).sort()).toEqual(['host-keys.json', 'host-keys.json.damaged-77'])
    expect(problems).toHaveLength(1)
  })

  it('is reported and left alone if it is damaged and belongs to another program', () => {
    const home = dataFolder('pins')
    const path = join(home, 'host-keys.json')
    writeFileSync(path, 'damaged')
    const problems: string[] = []
    const onProblem = (words: string): void => void problems.push(words)
    const file = new HostKeyFile({ path, nowMs: () => 77, isReadOnly: true, onProblem })
    expect(file.find(pod('p'))).toBeNull()
    expect(problems).toEqual([`The saved host keys (${path}) are damaged. None of them is used.`])
    expect(filesIn(home)).toEqual(['host-keys.json'])
  })

  it('is not written any more once another program brought the folder to a newer format', () => {
    const home = dataFolder('pins')
    const path = join(home, 'host-keys.json')
    const { file, problems } = open(path)
    file.pin(pin(pod('p')))
    writeFileSync(join(home, 'format.json'), `{"version":${presentFormat.version + 1}}`)
    const before = readFileSync(path, 'utf8')
    file.pin(pin(pod('q')))
    expect(readFileSync(path, 'utf8')).toBe(before)
    expect(problems).toEqual([])
  })

  it('is not overwritten if it cannot be read', () => {
    const home = dataFolder('pins')
    const path = join(home, 'host-keys.json')
    // A folder stands in for an unreadable file, because root can read every file.
    mkdirSync(path)
    const { file, problems } = open(path)
    file.pin(pin(pod('p')))
    expect(file.find(pod('p'))).toEqual(pin(pod('p')))
    expect(problems).toEqual([expect.stringContaining('cannot be read')])
    expect(filesIn(home)).toEqual(['host-keys.json'])
  })

  it('is kept in memory and reported if it cannot be written', () => {
    const home = dataFolder('pins')
    const path = join(home, 'host-keys.json')
    const { file, problems } = open(path)
    // A folder at the path of the new file.
    mkdirSync(`${path}.new/x`, { recursive: true })
    file.pin(pin(pod('p')))
    expect(file.find(pod('p'))).toEqual(pin(pod('p')))
    expect(problems).toEqual([
      `The saved host keys (${path}) could not be written. They are valid until Podkeeper quits.`,
    ])
    expect(existsSync(path)).toBe(false)
  })

  it('is not overwritten if it is damaged and cannot be set aside', () => {
    const path = join(dataFolder('pins'), 'host-keys.json')
    writeFileSync(path, 'damaged')
    mkdirSync(`${path}.damaged-77/x`, { recursive: true })
    const { file, problems } = open(path)
    file.pin(pin(pod('p')))
    expect(file.find(pod('p'))).toEqual(pin(pod('p')))
    expect(problems).toEqual([`The saved host keys (${path}) are damaged and could not be moved.`])
    expect(readFileSync(path, 'utf8')).toBe('damaged')
  })
})
