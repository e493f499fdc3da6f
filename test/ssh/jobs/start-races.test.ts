import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { cancelScript, readScript, startScript } from '../../../src/core/queue/host/job-scripts'
import type { Result } from '../../../src/core/base/result'
import { launch } from '../../harness/queue/job-pod'
import { tempFolder } from '../../harness/ssh/openssh-for-test'

/*
 * What happens between two lines of a script, with the real scripts: each waits at one place until the test lets it go
 * on.
 */

const alone = { besideIds: [] }

function podFolder() {
  const root = tempFolder('pod')
  const at = (name: string): string => join(root, name)
  const isThere = (name: string) => expect.poll(() => existsSync(at(name)), { interval: 10 }).toBe(true)

  /** Runs a script, which waits before `line` where one is given: `waits` resolves then, and `goOn` ends that. */
  function run(script: Result<string, string>, name: string, line = '') {
    if (!script.ok) throw new Error(script.error)
    const hold = `: >"$root/${name}-waits"; until [ -e "$root/${name}-goes-on" ]; do nap; done\n`
    const [head = '', ...rest] = script.value.split(line || '\0')
    if (line !== '' && rest.length === 0) throw new Error(`the script has no line ${line}`)
    // The first place only.
    const text = line === '' ? script.value : `${head}${hold}${line}${rest.join(line)}`
    const shell = spawn('sh', [], { stdio: ['pipe', 'pipe', 'ignore'], env: { PATH: process.env['PATH'] } })
    shell.stdin.end(text)
    let output = ''
    shell.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    const printed = new Promise<string>((resolve) => shell.on('close', () => resolve(output.trim())))
    return {
      waits: () => isThere(`${name}-waits`),
      goOn: () => writeFileSync(at(`${name}-goes-on`), ''),
      printed,
    }
  }

  const start = (id: string, line?: string) => {
    onTestFinished(async () => void (await run(cancelScript(root, id), `cancel-${id}`).printed))
    return run(startScript(root, launch(id, `echo ${id} >>${at('ran')}; sleep 1000`, alone), null), id, line)
  }
  const ran = (): string[] =>
    existsSync(at('ran')) ? readFileSync(at('ran'), 'utf8').trim().split('\n') : []
  return { start, ran, read: (id: string, line?: string) => run(readScript(root, [id]), `read-${id}`, line) }
}

test('a job that another Podkeeper starts while its folder is looked at keeps the pod', async () => {
  const { start, ran } = podFolder()
  const theirs = start('theirs', 'setsid=$(command -v setsid)\nshell=')
  await theirs.waits()
  // It has seen theirs prepared, and not claimed.
  const mine = start('mine', 'if mkdir "../$each/claimed"')
  await mine.waits()
  theirs.goOn()
  expect(await theirs.printed).toBe('started')
  await expect.poll(ran).toEqual(['theirs'])
  mine.goOn()
  expect(await mine.printed).toBe('failed Another Podkeeper runs a job on this pod.')
  expect(ran()).toEqual(['theirs'])
})

test('of two jobs that see each other, one starts, although the other gives way at that moment', async () => {
  const { start, ran } = podFolder()
  const theirs = start('theirs', 'beside="Another')
  await theirs.waits()
  const mine = start('mine', 'if mkdir "../$each/claimed"')
  await mine.waits()
  theirs.goOn()
  expect(await theirs.printed).toBe('failed Another Podkeeper runs a job on this pod.')
  mine.goOn()
  expect(await mine.printed).toBe('started')
  await expect.poll(ran).toEqual(['mine'])
})

test('a job whose start was prevented is never said to have started, however slow the other is', async () => {
  const { start, ran } = podFolder()
  const theirs = start('theirs', 'setsid=$(command -v setsid)\nshell=')
  await theirs.waits()
  // It has claimed theirs, and not said so yet.
  const mine = start('mine', ': >"../$each/taken"')
  await mine.waits()
  theirs.goOn()
  expect(await theirs.printed).toMatch(/^failed /)
  mine.goOn()
  expect(await mine.printed).toBe('started')
  await expect.poll(ran).toEqual(['mine'])
})

test('a job that starts while it is read is not said to have ended', async () => {
  const { start, ran, read } = podFolder()
  const job = start('job', 'setsid=$(command -v setsid)\nshell=')
  await job.waits()
  const reader = read('job', ': "${begun:=-}"')
  await reader.waits()
  job.goOn()
  expect(await job.printed).toBe('started')
  await expect.poll(ran).toEqual(['job'])
  reader.goOn()
  expect(await reader.printed).toBe('job job prepared\nend')
  expect(await read('job').printed).toMatch(/^job job running /)
})
