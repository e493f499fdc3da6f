import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { FULL_KEY } from '../../src/simulator/simulator'
import { useRealCli } from '../harness/cli/real-program'
import { kites } from '../contract/kites'

/*
 * Scripts of package.json, run as a person runs them: what works when a test imports it can fail on its way through npm
 * and Vite.
 */

// Of those below, `podkeeper` builds the command line if a source is newer, which two may not do at the same time.
useRealCli()

/** Without what the npm and the vitest that run this test add. */
const environmentOfPerson = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|VITEST)/i.test(name)))

function startScript(...args: readonly string[]) {
  const child = spawn('npm', ['run', ...args], { env: environmentOfPerson() })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const ended = new Promise<{ code: number | null; output: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, output })),
  )
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return { child, ended, output: () => output }
}

const runScript = (...args: readonly string[]) => startScript(...args).ended

function fileWith(name: string, content: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'podkeeper-script-')), name)
  writeFileSync(file, content)
  return file
}

test('npm run contract -- FILE compares requests and replies with the document', async () => {
  const { code, output } = await runScript('contract', '--', fileWith('kites.json', JSON.stringify(kites)))
  expect(output).toMatch(/from \S+kites\.json\n\d{3,} requests, \d{3,} replies/)
  expect(output).toContain('GET /v2/pods  request: is not in the document')
  expect(code).toBe(1)
})

test('npm run simulator answers, and ends when npm is ended', async () => {
  const simulator = startScript('simulator', '--', '--port', '0', '--pods', '3')
  await vi.waitFor(() => expect(simulator.output()).toMatch(/The simulator runs at http\S+\n/))
  const [, url = ''] = /runs at (http\S+)\n/.exec(simulator.output()) ?? []
  const askPods = () => fetch(`${url}/v2/pods`, { headers: { authorization: `Bearer ${FULL_KEY}` } })
  const reply = (await (await askPods()).json()) as { pods: unknown[] }
  expect(reply.pods).toHaveLength(3)
  simulator.child.kill('SIGTERM')
  await simulator.ended
  await expect.poll(() => askPods().catch(() => 'ended')).toBe('ended')
})

test('npm run podkeeper runs the command line', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  const { code, output } = await runScript('--silent', 'podkeeper', '--', '--version')
  expect([code, output]).toEqual([0, `${version}\n`])
})

test('npm run format -- FILE formats it', async () => {
  const file = fileWith('a.ts', 'export const  a = "b";')
  const { code, output } = await runScript('format', '--', file)
  expect([code, output]).toEqual([0, expect.any(String)])
  expect(readFileSync(file, 'utf8')).toMatch(/^export const a = ['"]b['"];?\n$/)
})

test.each([
  ['test', ['--only', 'none'], /none/],
  ['test:repeat', ['0'], /0/],
  ['mutate', ['none'], /There is no group none\. Known: /],
  ['release:apt', ['--key', 'none'], /A key and an https address are needed\.\nOptions: --url /],
  ['package', ['--none'], /Options: --for-tests, /],
])('npm run %s says what it does not understand, and does nothing', async (script, args, pattern) => {
  const { code, output } = await runScript('--silent', script, '--', ...args)
  expect([code, output]).toEqual([1, expect.stringMatching(pattern)])
  expect(output).not.toContain('    at ')
})
