import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openForwardsFile } from '../../../src/node/data-folder/forwards-file'
import { dataFolder, tempFolder } from '../../harness/ssh/openssh-for-test'

const one = { remotePort: 8_888, localPort: 3_000 }

it('forwards of a pod are there for the next program', () => {
  const folder = dataFolder('forwards')
  expect(openForwardsFile(folder).save('a', 'p', [one])).toEqual({ ok: true, value: undefined })
  expect(openForwardsFile(folder).save('a', 'q', [])).toEqual({ ok: true, value: undefined })
  expect(openForwardsFile(folder).list('a', 'p')).toEqual([{ accountId: 'a', podId: 'p', ...one }])
  expect(openForwardsFile(folder).list('b', 'p')).toEqual([])
})

it('a change is made to what another program saved meanwhile, and is seen by it', () => {
  const folder = dataFolder('forwards')
  const [app, command] = [openForwardsFile(folder), openForwardsFile(folder)]
  expect(app.all()).toEqual([])
  command.save('a', 'p', [one])
  app.change('a', 'p', (saved) => [...saved, { remotePort: 6_006, localPort: 6_006 }])
  expect(command.list('a', 'p').map(({ remotePort }) => remotePort)).toEqual([8_888, 6_006])
  command.save('a', 'p', [])
  expect(app.all()).toEqual([])
})

it('a damaged file counts as empty, and stays as a copy when forwards are saved', () => {
  const folder = dataFolder('forwards')
  writeFileSync(join(folder, 'forwards.json'), '{"version":1,"forwards":[7]}')
  const file = openForwardsFile(folder)
  expect(file.list('a', 'p')).toEqual([])
  expect(file.save('a', 'p', [one]).ok).toBe(true)
  expect(file.list('a', 'p')).toHaveLength(1)
  expect(readdirSync(folder).some((name) => name.startsWith('forwards.json.damaged-'))).toBe(true)
})

it('a folder that this program may not change is left alone', () => {
  const folder = tempFolder('newer')
  writeFileSync(join(folder, 'format.json'), '{"version":999}')
  expect(openForwardsFile(folder).save('a', 'p', [one]).ok).toBe(false)
  expect(readdirSync(folder)).toEqual(['format.json'])
})
