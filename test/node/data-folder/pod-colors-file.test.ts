import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { PodKey } from '../../../src/core/pods/pod'
import type { PodColor } from '../../../src/core/view/pod-colors'
import { openPodColorsFile } from '../../../src/node/data-folder/pod-colors-file'
import { migratedFolder } from '../../harness/data-folder/migrated-folder'

const colors = new Map<PodKey, PodColor>([
  ['account/pod-1', 3],
  ['account/pod-2', 8],
])
const newFolder = (): string => migratedFolder('podkeeper-colors-')
const never = (text: string): void => expect.fail(text)

test('the colors of pods outlive the program, and are for their owner only', () => {
  const folder = newFolder()
  expect(openPodColorsFile(folder, never).load()).toEqual(new Map())
  openPodColorsFile(folder, never).save(colors)
  expect(openPodColorsFile(folder, never).load()).toEqual(colors)
  expect(statSync(join(folder, 'pod-colors.json')).mode & 0o777).toBe(0o600)
})

test.each(['', '{', 'null', '[3]', `{"a/b":1}${' '.repeat(1_100_000)}`])(
  'a damaged or huge file holds no colors (%#)',
  (text) => {
    const folder = newFolder()
    writeFileSync(join(folder, 'pod-colors.json'), text)
    expect(openPodColorsFile(folder, never).load()).toEqual(new Map())
  },
)

test('colors that cannot be written are reported once, until they can be', () => {
  const folder = newFolder()
  const inTheWay = join(folder, 'pod-colors.json.new')
  mkdirSync(join(inTheWay, 'x'), { recursive: true })
  const problems: string[] = []
  const store = openPodColorsFile(folder, (text) => problems.push(text))
  store.save(colors)
  store.save(colors)
  expect(problems).toEqual([expect.stringMatching(/^The colors of pods could not be saved/)])
  rmSync(inTheWay, { recursive: true })
  store.save(colors)
  expect(store.load()).toEqual(colors)
})
