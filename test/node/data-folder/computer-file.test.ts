import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { computerName, computerNameProblem } from '../../../src/core/base/text/computer-name'
import { openComputer } from '../../../src/node/data-folder/computer-file'
import { tempFolder } from '../../harness/ssh/openssh-for-test'

const FORMAT = '{"version":2}\n'

function setUp() {
  const folder = tempFolder('computer')
  writeFileSync(join(folder, 'format.json'), FORMAT)
  const problems: string[] = []
  const open = (name: string | null = null) =>
    openComputer(
      folder,
      () => ({ computerName: name }),
      (text) => problems.push(text),
    )()
  return { folder, open, problems }
}

describe('which computer a data folder is', () => {
  it('is the same in each run, under a name that can change', () => {
    const { folder, open } = setUp()
    const first = open('lab-server')
    expect(first).toEqual({ id: expect.stringMatching(/^[0-9a-f]{16}$/), name: 'lab-server' })
    expect(open('other')).toEqual({ id: first.id, name: 'other' })
    expect(open().name).toMatch(/^[^<>&"'`\\]{1,40}$/)
    expect(JSON.parse(readFileSync(join(folder, 'computer.json'), 'utf8'))).toEqual({
      version: 1,
      id: first.id,
    })
  })

  it('is new where the file says nothing that can be read', () => {
    const { folder, open } = setUp()
    for (const text of [
      '',
      '{}',
      '{"version":1,"id":"../../etc"}',
      '{"version":2,"id":"00000000000000aa"}',
    ]) {
      writeFileSync(join(folder, 'computer.json'), text)
      const { id } = open()
      expect(id).toMatch(/^[0-9a-f]{16}$/)
      expect(open().id).toBe(id)
    }
  })

  it('holds for one run where nothing may be written', () => {
    const { folder, open } = setUp()
    writeFileSync(join(folder, 'format.json'), '{"version":99}')
    expect(open().id).not.toBe(open().id)
  })
})

it('the name of a computer can be shown anywhere', () => {
  expect(computerName('  lab\u0007-server\u202e <b>&\n2 ')).toBe('lab-server b 2')
  expect(computerName('x'.repeat(500))).toHaveLength(40)
  for (const text of ['', ' ', 'a<b', 'x'.repeat(41), 'a\u0000b'])
    expect(computerNameProblem(text)).not.toBeNull()
  expect(computerNameProblem('Anna’s laptop')).toBeNull()
})
