import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { builtCliFolder, useRealCli } from '../harness/cli/real-program'

useRealCli()

const PROGRAM = 'podkeeper.mjs'

/** Parts of the program that a part names before it runs, by their files' names. */
const importsOf = (file: string): readonly string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b[^;]*?"\.\/([^"]+)"/gm)].map(
    ([, name = '']) => name,
  )

/** What is read before the command is known. */
function loadedAtStart(): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>()
  const waiting = [PROGRAM]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (sizes.has(name)) continue
    const file = join(builtCliFolder(), name)
    sizes.set(name, readFileSync(file).length)
    waiting.push(...importsOf(file))
  }
  return sizes
}

test('a start loads the description of the commands, and none of them', () => {
  const sizes = loadedAtStart()
  expect([...sizes.keys()]).toContain('start.mjs')
  expect([...sizes.keys()]).not.toContain('shared.mjs')
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  expect(total).toBeLessThan(200_000)
})

test('no part imports the program that waits for it, since neither would go on', () => {
  const folder = builtCliFolder()
  const parts = readdirSync(folder).filter((name) => name.endsWith('.mjs'))
  expect(parts.length).toBeGreaterThan(20)
  expect(parts.filter((name) => importsOf(join(folder, name)).includes(PROGRAM))).toEqual([])
})
