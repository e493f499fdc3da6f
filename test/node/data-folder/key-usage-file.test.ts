import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openKeyUsageFile } from '../../../src/node/data-folder/key-usage-file'
import { DAY_MS } from '../../../src/core/base/time/time'

const KEY = '0123456789abcdef'
const idOf = (number: number): string => number.toString(16).padStart(16, '0')

function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-usage-'))
  const clock = { ms: 1_700_000_000_000 }
  const problems: string[] = []
  return {
    folder,
    path: join(folder, 'key-usage.json'),
    clock,
    problems,
    open: (id = KEY) =>
      openKeyUsageFile(
        folder,
        id,
        () => clock.ms,
        (text) => problems.push(text),
      ),
  }
}

describe('the usage of a key', () => {
  it('is what any program stored last, in a private file of a folder that is made for it', () => {
    const { folder, path, open } = setUp()
    rmSync(folder, { recursive: true })
    const [one, other] = [open(), open()]
    expect([one.read(), one.stamp()]).toEqual([{ kind: 'none' }, null])
    expect(one.update(() => ({ requests: 1 }))).toBe(true)
    const stamp = other.stamp()
    expect(
      other.update((stored) => {
        expect(stored).toEqual({ kind: 'stored', value: { requests: 1 } })
        return { requests: 2 }
      }),
    ).toBe(true)
    expect(one.stamp()).not.toBe(stamp)
    expect(one.read()).toEqual({ kind: 'stored', value: { requests: 2 } })
    expect([statSync(folder).mode & 0o777, statSync(path).mode & 0o777]).toEqual([0o700, 0o600])
    expect(readdirSync(folder)).toEqual(['key-usage.json'])
  })

  it('is kept beside that of other keys, of 32 in all and for two days', () => {
    const { path, clock, open } = setUp()
    for (let number = 0; number < 40; number += 1) {
      clock.ms += 1_000
      open(idOf(number)).update(() => number)
    }
    expect(open(idOf(39)).read()).toEqual({ kind: 'stored', value: 39 })
    expect(open(idOf(8)).read()).toEqual({ kind: 'stored', value: 8 })
    expect(open(idOf(7)).read()).toEqual({ kind: 'none' })
    clock.ms += 2 * DAY_MS
    open(idOf(50)).update(() => 50)
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ keys: [{ id: idOf(50) }] })
  })

  it.each([
    '',
    '\0\0\0\0',
    '{"keys":',
    '[]',
    '{"keys":{}}',
    '{"keys":[{"id":"../../etc","storedAtMs":1,"usage":1}]}',
    `{"keys":[{"id":"${KEY}","storedAtMs":"now","usage":1}]}`,
    'x'.repeat(300_000),
  ])('cannot be read from a damaged file, which the next one replaces', (text) => {
    const { path, open } = setUp()
    writeFileSync(path, text)
    const store = open()
    expect(store.read()).toEqual({ kind: 'unreadable' })
    expect(store.update(({ kind }) => kind)).toBe(true)
    expect(store.read()).toEqual({ kind: 'stored', value: 'unreadable' })
  })

  it('is not stored where something is in the way, which is reported once until it works again', () => {
    const { path, problems, open } = setUp()
    mkdirSync(join(path, 'in the way'), { recursive: true })
    const store = open()
    expect(store.read()).toEqual({ kind: 'unreadable' })
    expect([store.update(() => 1), store.update(() => 1)]).toEqual([false, false])
    expect(problems).toEqual([
      expect.stringMatching(/^The request count of an account could not be saved, so programs/),
    ])
    rmSync(path, { recursive: true })
    expect(store.update(() => 1)).toBe(true)
    mkdirSync(`${path}.new/in the way`, { recursive: true })
    expect(store.update(() => 2)).toBe(false)
    expect(problems).toHaveLength(2)
    expect(store.read()).toEqual({ kind: 'stored', value: 1 })
  })

  it('is neither stored in a folder of a newer format nor lost by that', () => {
    const { folder, open } = setUp()
    const store = open()
    store.update(() => 1)
    writeFileSync(join(folder, 'format.json'), '{"version":99}')
    expect(store.update(() => 2)).toBe(false)
    expect(store.read()).toEqual({ kind: 'stored', value: 1 })
  })
})
