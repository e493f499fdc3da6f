import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { parseRecording } from '../../../src/core/doctor/recording/recording'
import { newDataFolder, runCli, startCli, startSimulator } from '../../harness/cli/cli'

const pods = [
  { id: 'secretpod', name: 'secret-name', mode: 'training', env: { TOKEN: 'secret-value' } },
] as const

interface DoctorOutput {
  readonly verdict: string
  readonly accounts: readonly {
    readonly account: { readonly name: string }
    readonly checks: readonly { readonly id: string; readonly verdict: string; readonly message: string }[]
  }[]
}

const checksOf = (stdout: string): ReadonlyMap<string, string> =>
  new Map((JSON.parse(stdout) as DoctorOutput).accounts[0]!.checks.map(({ id, verdict }) => [id, verdict]))

test('doctor answers each question, changes nothing, and ends with 0', async () => {
  const runpod = await startSimulator(pods)
  const { code, stdout } = await runCli({ args: ['doctor', '--quick'], runpod })
  expect(code).toBe(0)
  expect(stdout).toMatch(/^OK +API key +Runpod accepts the key\.$/m)
  expect(stdout).toMatch(/^OK +Pods +1 pod, 1 running\.$/m)
  expect(stdout).toMatch(/^Not checked +Refresh of figures +Skipped in a quick check\.$/m)
  expect(runpod.requests.every(({ method, path }) => method === 'GET' || path === '/graphql')).toBe(true)
  // One request for each question, and one that asks whose key it is.
  expect(runpod.requests.length).toBeLessThanOrEqual(9)
})

test('doctor ends with 8 if something does not work, and says it as JSON too', async () => {
  const runpod = await startSimulator(pods)
  const env = { RUNPOD_API_KEY: 'rpa_revoked0123456789' }
  const { code, stdout } = await runCli({ args: ['doctor', '--quick', '--json'], runpod, env })
  expect(code).toBe(8)
  expect(JSON.parse(stdout)).toMatchObject({ version: 1, verdict: 'problem', failures: [] })
  expect(checksOf(stdout).get('key')).toBe('problem')
  expect(checksOf(stdout).get('data-folder')).toBe('ok')
  expect(checksOf(stdout).get('obstacles')).toBe('not-checked')
  expect(checksOf(stdout).get('build')).toBe('not-checked')
})

test('a recording is a new file of this user with nothing of theirs in it', async () => {
  const runpod = await startSimulator(pods)
  const dataFolder = newDataFolder()
  const file = join(dataFolder, 'replies.json')
  const { code, stderr } = await runCli({ args: ['doctor', '--quick', '--record', file], runpod, dataFolder })
  expect(code).toBe(0)
  expect(stderr).toMatch(/Wrote 8 replies to/)
  const text = readFileSync(file, 'utf8')
  expect(text).not.toMatch(/secret/i)
  expect(parseRecording(text)).toMatchObject({ ok: true, value: { provider: 'runpod' } })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(dirname(file)).filter((name) => name.endsWith('.part'))).toEqual([])

  // The simulator that serves it shows the same account.
  const recording = parseRecording(text)
  const replayed = await startSimulator([], recording.ok ? { replay: recording.value } : {})
  const [first, again] = await Promise.all(
    [runpod, replayed].map((one) =>
      runCli({ args: ['doctor', '--quick', '--json'], runpod: one, dataFolder }),
    ),
  )
  const answers = (stdout: string) =>
    (JSON.parse(stdout) as DoctorOutput).accounts[0]!.checks.filter(({ id }) => id !== 'quota')
  expect(answers(again!.stdout)).toEqual(answers(first!.stdout))
})

test('a recording never replaces a file, and nothing is asked then', async () => {
  const runpod = await startSimulator(pods)
  const dataFolder = newDataFolder()
  const file = join(dataFolder, 'mine.json')
  writeFileSync(file, 'mine')
  const { code, stderr } = await runCli({ args: ['doctor', '--record', file], runpod, dataFolder })
  expect({ code, stderr }).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('already exists') as string,
  })
  expect(readFileSync(file, 'utf8')).toBe('mine')
  expect(runpod.requests.filter(({ path }) => path.startsWith('/v2/pods'))).toEqual([])
  expect(
    await runCli({ args: ['doctor', '--record', join(dataFolder, 'no/folder.json')], runpod }),
  ).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('nothing was checked') as string,
  })
})

test('^C ends the long part, and what was recorded by then is written', async () => {
  const runpod = await startSimulator(pods)
  const dataFolder = newDataFolder()
  const file = join(dataFolder, 'replies.json')
  const cli = startCli({ args: ['doctor', '--record', file], runpod, dataFolder })
  await cli.waitForOutput(/Measuring how often figures change/)
  cli.child.kill('SIGINT')
  const { code, stdout } = await cli.exited
  expect(code).toBe(130)
  expect(stdout).toMatch(/Refresh of figures +Stopped early/)
  expect(existsSync(file)).toBe(true)
})
