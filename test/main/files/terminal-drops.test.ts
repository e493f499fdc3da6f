import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ok } from '../../../src/core/base/result'
import { filesBench as bench } from '../../harness/ssh/files-fixture'

const poll = <T>(look: () => T) => expect.poll(look, { timeout: 60_000, interval: 10 })

describe('files that are dropped on a terminal', () => {
  test('go to the folder that its shell is in, which is named whole and as told by the pod', async () => {
    const b = await bench()
    mkdirSync(join(b.remote, 'inner'))
    const file = join(b.local, 'file')
    writeFileSync(file, 'here')
    expect(await b.dropOn('in-inner', file)).toEqual(ok(true))
    const lines = b.questions[0]?.text.lines.map(({ text }) => text)
    expect(lines).toContain(`To: ${join(b.remote, 'inner')}`)
    expect(lines).toContain('The terminal is in this folder, as the pod reports it.')
    await poll(b.kind).toBe('done')
    expect(readFileSync(join(b.remote, 'inner/file'), 'utf8')).toBe('here')
  })

  test.each([
    ['that folder isn’t known', 'nowhere-known'],
    ['the terminal is gone', 'gone'],
    ['the terminal is of another pod', 'of-another-pod'],
  ])('go where files of the pod are kept if %s', async (_why, terminalId) => {
    const b = await bench()
    mkdirSync(join(b.remote, 'inner'))
    const file = join(b.local, 'file')
    writeFileSync(file, 'here')
    expect(await b.dropOn(terminalId, file)).toEqual(ok(true))
    const lines = b.questions[0]?.text.lines.map(({ text }) => text)
    expect(lines).toContain(`To: ${b.remote}`)
    expect(lines?.join()).not.toContain('The terminal')
    await poll(b.kind).toBe('done')
    expect(readFileSync(join(b.remote, 'file'), 'utf8')).toBe('here')
  })

  test('are refused, and nothing is put in its place, if that folder isn’t there', async () => {
    const b = await bench()
    const file = join(b.local, 'file')
    writeFileSync(file, 'here')
    expect(await b.dropOn('in-inner', file)).toEqual(ok(true))
    await poll(b.kind).toBe('failed')
    expect(readdirSync(b.remote)).toEqual([])
  })
})
