import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { newDataFolder, runCli, startSimulator } from '../harness/cli/cli'

/* The objects that docs/cli.md shows, beside what the commands print. */

type Json = null | boolean | number | string | readonly Json[] | JsonObject
interface JsonObject {
  readonly [name: string]: Json
}

const docs = readFileSync('docs/cli.md', 'utf8')

/** The object that the document shows next after these words, without its comments. */
function exampleAfter(words: string): Json {
  const at = docs.indexOf(words)
  if (at === -1) throw new Error(`docs/cli.md no longer says: ${words}`)
  const block = /```jsonc\n([^]*?)```/.exec(docs.slice(at))?.[1] ?? ''
  const withoutComments = block.replaceAll(/("(?:[^"\\]|\\.)*")|\/\/.*$/gm, (_, text?: string) => text ?? '')
  return JSON.parse(withoutComments.replaceAll(/,(\s*[}\]])/g, '$1')) as Json
}

const isObject = (value: Json): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

const kindOf = (value: Json): string => (Array.isArray(value) ? 'list' : typeof value)

/** Where the two differ in the names or the types of their fields. Null and an empty list say nothing of what is in them. */
function differences(shown: Json, printed: Json, path = '', onlySometimes: readonly string[] = []): string[] {
  if (shown === null || printed === null) return []
  if (kindOf(shown) !== kindOf(printed)) return [`${path} is a ${kindOf(shown)}, not a ${kindOf(printed)}`]
  if (Array.isArray(shown) && Array.isArray(printed)) {
    const [first] = shown as readonly Json[]
    if (first === undefined) return []
    return (printed as readonly Json[]).flatMap((one) => differences(first, one, `${path}[]`, onlySometimes))
  }
  if (!isObject(shown) || !isObject(printed)) return []
  return [...new Set([...Object.keys(shown), ...Object.keys(printed)])].flatMap((name) => {
    const at = `${path}.${name}`
    const [one, other] = [shown[name], printed[name]]
    if (one !== undefined && other !== undefined) return differences(one, other, at, onlySometimes)
    if (onlySometimes.includes(at)) return []
    return [one === undefined ? `${at} is printed, and not shown` : `${at} is shown, and not printed`]
  })
}

const busy = { id: 'a', name: 'llama', mode: 'training', costPerHourUsd: 2, startedAgoMin: 60 } as const

async function printed(args: readonly string[], dataFolder?: string): Promise<string> {
  const runpod = await startSimulator([busy])
  const { stdout } = await runCli({ args, runpod, ...(dataFolder !== undefined && { dataFolder }) })
  return stdout
}

test('status prints the object that docs/cli.md shows', async () => {
  const output = JSON.parse(await printed(['status', '--json'])) as Json
  expect(differences(exampleAfter('`status --json` prints one object'), output)).toEqual([])
})

test('a stop, and each entry of the activity log about it, is printed as docs/cli.md shows it', async () => {
  const folder = newDataFolder()
  const stop = JSON.parse(await printed(['stop', 'llama', '--yes', '--json'], folder)) as Json
  expect(differences(exampleAfter('`start --json` and `stop --json` print one object'), stop)).toEqual([])
  const lines = (await printed(['activity', '--json'], folder)).trim().split('\n')
  const entries = lines.map((line) => JSON.parse(line) as JsonObject)
  const ofAction = entries.filter(({ actionId }) => actionId !== undefined)
  expect(ofAction.length).toBeGreaterThan(0)
  const shown = exampleAfter('prints the fields below as columns')
  const sometimes = ['.reason', '.elapsedS', '.createId']
  for (const entry of ofAction) expect(differences(shown, entry, '', sometimes)).toEqual([])
})

test('a create that is only planned prints the fields that docs/cli.md names', async () => {
  const args = ['create', '--gpu', 'RTX 4090', '--image', 'example/pytorch:2.8', '--dry-run', '--json']
  const output = JSON.parse(await printed(args)) as JsonObject
  const sentence = /with `--dry-run`, ([^.]*)\./.exec(docs)?.[1] ?? ''
  const named = [...sentence.matchAll(/`(\w+)`/g)].map(([, name]) => name)
  expect(named).toEqual(['requests', 'label', 'perHourUsd', 'body', 'rules', 'maxPerHourUsd'])
  const [request] = output['requests'] as readonly JsonObject[]
  expect(Object.keys({ ...output, ...request })).toEqual(expect.arrayContaining(named))
})
