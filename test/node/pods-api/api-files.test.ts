import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { DAY_MS } from '../../../src/core/base/time/time'
import { IDEMPOTENCY_MS, openApiRequestsFile } from '../../../src/node/pods-api/api-requests-file'
import { openApiTokensFile } from '../../../src/node/pods-api/api-tokens-file'
import { takeServeLock } from '../../../src/node/pods-api/serve-lock'
import { openTokenUsesFile, readTokenUses } from '../../../src/node/pods-api/token-uses-file'

const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-api-'))
  writeFileSync(join(folder, 'format.json'), '{"version":2}')
  return folder
}

const NOW_MS = 1_795_000_000_000
const given = {
  name: 'ci',
  scopes: ['pods:read'],
  accountIds: null,
  maxHourlyUsd: null,
  podNames: null,
  createdAtMs: NOW_MS,
  expiresAtMs: NOW_MS + DAY_MS,
} as const

const created = (folder: string, more: object = {}): { id: string; token: string } => {
  const result = openApiTokensFile(folder).create({ ...given, ...more })
  if (!result.ok) throw new Error(result.error)
  return result.value
}

describe('a token of the Pods API', () => {
  test('is kept as a hash in a file of this user only', () => {
    const folder = newFolder()
    const { token } = created(folder)
    const path = join(folder, 'api-tokens.json')
    expect(token).toMatch(/^pkp_[\w-]{43}$/)
    expect(readFileSync(path, 'utf8')).not.toContain(token.slice(4))
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(created(folder, { name: 'other' }).token).not.toBe(token)
  })

  test('is found until it expires or is revoked, also by a program that was there before', () => {
    const folder = newFolder()
    const reader = openApiTokensFile(folder)
    expect(reader.find('pkp_x', NOW_MS)).toBeNull()
    const { token, id } = created(folder)
    expect(reader.find(token, NOW_MS)).toMatchObject({ id, name: 'ci' })
    expect(reader.find(`${token}x`, NOW_MS)).toBeNull()
    expect(reader.find(token, NOW_MS + DAY_MS - 1)).not.toBeNull()
    expect(reader.find(token, NOW_MS + DAY_MS)).toBeNull()
    expect(openApiTokensFile(folder).revoke('CI').ok).toBe(true)
    expect(reader.find(token, NOW_MS)).toBeNull()
  })

  test('has a name that no other one has, and that is safe to print', () => {
    const folder = newFolder()
    created(folder)
    const create = (name: string) => openApiTokensFile(folder).create({ ...given, name })
    for (const name of ['ci', 'CI', '', 'a\nb', '\u202eabc', 'x'.repeat(41), '-x'])
      expect([name, create(name).ok]).toEqual([name, false])
    expect(create('Grafana 2.0').ok).toBe(true)
  })

  test.each(['', '{', '{"version":3,"tokens":[]}', '[]', '{"version":2,"tokens":[{"hash":""},null,1]}'])(
    'gives no rights where the file is %j',
    (text) => {
      const folder = newFolder()
      const { token } = created(folder)
      writeFileSync(join(folder, 'api-tokens.json'), text)
      expect(openApiTokensFile(folder).find(token, NOW_MS)).toBeNull()
    },
  )

  test('with a limit that is not known, or without one that has to be there, gives no rights', () => {
    const folder = newFolder()
    const { token } = created(folder, { podNames: ['alice-*'] })
    const path = join(folder, 'api-tokens.json')
    const file = JSON.parse(readFileSync(path, 'utf8'))
    const rightsOf = (changed: object): readonly string[] | null | undefined => {
      writeFileSync(path, JSON.stringify({ ...file, ...changed }))
      return openApiTokensFile(folder).find(token, NOW_MS)?.podNames
    }
    const [entry] = file.tokens
    expect(rightsOf({})).toEqual(['alice-*'])
    expect(rightsOf({ tokens: [{ ...entry, onlyOnMondays: true }] })).toBeUndefined()
    expect(rightsOf({ tokens: [{ ...entry, podNames: undefined }] })).toBeUndefined()
    expect(rightsOf({ tokens: [{ ...entry, podNames: [] }] })).toBeUndefined()
    // As programs wrote it that knew no such limits, and read it.
    expect(rightsOf({ version: 1 })).toBeUndefined()
  })

  test('of a later version stays in the file and gives no rights', () => {
    const folder = newFolder()
    created(folder)
    const path = join(folder, 'api-tokens.json')
    const file = JSON.parse(readFileSync(path, 'utf8'))
    file.tokens.push({ ...file.tokens[0], id: 'tok_new', name: 'new', scopes: ['pods:everything'] })
    writeFileSync(path, JSON.stringify(file))
    created(folder, { name: 'other' })
    expect(JSON.parse(readFileSync(path, 'utf8')).tokens.map(({ id }: any) => id)).toContain('tok_new')
    const listed = openApiTokensFile(folder).list()
    expect(listed.ok && listed.value.map(({ name }) => name)).toEqual(['ci', 'other'])
  })
})

describe('a write with a key', () => {
  const open = (folder: string, nowMs = NOW_MS) => {
    const file = openApiRequestsFile(folder, () => nowMs)
    onTestFinished(() => file.close())
    return file
  }
  const kindOf = (claim: ReturnType<ReturnType<typeof open>['claim']>): string =>
    claim.ok ? claim.value.kind : 'error'

  test('is on disk before it is carried out, and not carried out again after a crash', () => {
    const folder = newFolder()
    const claim = open(folder).claim('tok', 'key', 'stop a')
    expect(kindOf(claim)).toBe('new')
    // The program ends here. The next one doesn't know what became of it.
    expect(kindOf(open(folder).claim('tok', 'key', 'stop a'))).toBe('unknown')
    expect(kindOf(open(folder).claim('tok', 'key', 'stop b'))).toBe('other')
    expect(kindOf(open(folder).claim('tok', 'key2', 'stop a'))).toBe('new')
  })

  test('is answered with its first reply for a day, also after a restart', () => {
    const folder = newFolder()
    const claim = open(folder).claim('tok', 'key', 'stop a')
    if (!claim.ok || claim.value.kind !== 'new') throw new Error('it is not new')
    claim.value.finish({ status: 200, body: '{"a":1}' })
    const again = open(folder, NOW_MS + IDEMPOTENCY_MS).claim('tok', 'key', 'stop a')
    expect(again).toEqual({ ok: true, value: { kind: 'replied', reply: { status: 200, body: '{"a":1}' } } })
    expect(kindOf(open(folder, NOW_MS + IDEMPOTENCY_MS + 1).claim('tok', 'key', 'stop a'))).toBe('new')
  })

  test('counts in a file whose end was cut off, and other lines with it', () => {
    const folder = newFolder()
    open(folder).claim('tok', 'key', 'stop a')
    appendFileSync(join(folder, 'api-requests.jsonl'), '{"id":"x","requ')
    const file = open(folder)
    expect(kindOf(file.claim('tok', 'key', 'stop a'))).toBe('unknown')
    expect(kindOf(file.claim('tok', 'other', 'stop a'))).toBe('new')
    expect(kindOf(open(folder).claim('tok', 'other', 'stop a'))).toBe('unknown')
  })

  test('never has what it is about in the file', () => {
    const folder = newFolder()
    open(folder).claim('tok', 'key', '{"env":{"PASSWORD":"hunter2"}}')
    expect(readFileSync(join(folder, 'api-requests.jsonl'), 'utf8')).not.toContain('hunter2')
  })

  test('is kept after one that a full disk cut off, so that it is not carried out again', () => {
    const folder = newFolder()
    const file = open(folder)
    appendFileSync(join(folder, 'api-requests.jsonl'), '{"id":"x","requ')
    expect(kindOf(file.claim('tok', 'key', 'stop a'))).toBe('new')
    expect(kindOf(open(folder).claim('tok', 'key', 'stop a'))).toBe('unknown')
  })

  test('that did nothing can be made again, also after a restart', () => {
    const folder = newFolder()
    const file = open(folder)
    const release = (): void => {
      const claim = file.claim('tok', 'key', 'stop a')
      if (!claim.ok || claim.value.kind !== 'new') throw new Error('it is not new')
      claim.value.release()
    }
    release()
    release()
    expect(kindOf(open(folder).claim('tok', 'key', 'stop b'))).toBe('new')
  })

  test('that is under way is not begun again when the clock jumps', () => {
    let nowMs = NOW_MS
    const file = openApiRequestsFile(newFolder(), () => nowMs)
    onTestFinished(() => file.close())
    expect(kindOf(file.claim('tok', 'key', 'stop a'))).toBe('new')
    nowMs += 3 * DAY_MS
    expect(kindOf(file.claim('tok', 'key', 'stop a'))).toBe('busy')
  })

  test('that ends after its program closed the file is written nowhere', () => {
    const folder = newFolder()
    const file = openApiRequestsFile(folder, () => NOW_MS)
    const claim = file.claim('tok', 'key', 'stop a')
    file.close()
    // It gets the number of the file that was closed.
    const path = join(folder, 'other.jsonl')
    const other = openSync(path, 'a')
    onTestFinished(() => closeSync(other))
    if (claim.ok && claim.value.kind === 'new') claim.value.finish({ status: 200, body: '{}' })
    expect(readFileSync(path, 'utf8')).toBe('')
    expect(kindOf(open(folder).claim('tok', 'key', 'stop a'))).toBe('unknown')
  })

  test('does not let the file grow for as long as the program runs', () => {
    const folder = newFolder()
    let nowMs = NOW_MS
    const file = openApiRequestsFile(folder, () => nowMs)
    onTestFinished(() => file.close())
    const reply = { status: 200, body: 'x'.repeat(500_000) }
    for (let day = 0; day < 30; day += 1) {
      const claim = file.claim('tok', `key ${day}`, 'stop a')
      if (!claim.ok || claim.value.kind !== 'new') throw new Error('it is not new')
      claim.value.finish(reply)
      nowMs += IDEMPOTENCY_MS / 2
    }
    expect(statSync(join(folder, 'api-requests.jsonl')).size).toBeLessThan(6_000_000)
    expect(kindOf(file.claim('tok', 'key 29', 'stop a'))).toBe('replied')
    expect(kindOf(open(folder, nowMs).claim('tok', 'key 29', 'stop a'))).toBe('replied')
  })
})

test('one program serves a folder, until it gives that back', async () => {
  const folder = newFolder()
  const lock = await takeServeLock(folder, 'cli')
  if (!lock.ok) throw new Error('it is taken')
  expect(await takeServeLock(folder, 'app')).toEqual({
    ok: false,
    error: { kind: 'other-program', holder: { program: 'cli', pid: process.pid } },
  })
  lock.value()
  const next = await takeServeLock(folder, 'cli')
  expect(next.ok).toBe(true)
  if (next.ok) next.value()
})

describe('the last use of a token', () => {
  test('is known at once, and to other programs and later runs once it is written', () => {
    const folder = newFolder()
    const uses = openTokenUsesFile(folder)
    uses.record('tok_1', NOW_MS)
    uses.record('tok_1', NOW_MS + 5)
    expect([...uses.lastUses()]).toEqual([['tok_1', NOW_MS + 5]])
    expect([...readTokenUses(folder)]).toEqual([])
    uses.close()
    expect([...readTokenUses(folder)]).toEqual([['tok_1', NOW_MS + 5]])
    expect([...openTokenUsesFile(folder).lastUses()]).toEqual([['tok_1', NOW_MS + 5]])
  })

  test('is not known of a damaged file, which the next use replaces, and at most of so many tokens', () => {
    const folder = newFolder()
    for (const text of ['', '{', '[]', '{"uses":{"a":"b"}}', '{"uses":{"a":null}}']) {
      writeFileSync(join(folder, 'api-token-uses.json'), text)
      expect([...readTokenUses(folder)]).toEqual([])
    }
    const uses = openTokenUsesFile(folder)
    for (let number = 0; number < 150; number += 1) uses.record(`tok_${number}`, NOW_MS + number)
    uses.close()
    expect(readTokenUses(folder).size).toBe(100)
    expect(readTokenUses(folder).get('tok_149')).toBe(NOW_MS + 149)
  })
})
