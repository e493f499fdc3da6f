import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { prepareSshPod } from '../harness/cli/ssh-pod'
import { randomFile, sha256 } from '../harness/ssh/file-pod'
import { useRealCli } from '../harness/cli/real-program'

useRealCli()

const MB = 1_000_000

describe('podkeeper cp', () => {
  test('copies a folder to a pod and back, and the second time nothing', async () => {
    const { run, pod, local, dataFolder, accountId } = await prepareSshPod()
    mkdirSync(join(local, 'my data'))
    writeFileSync(join(local, 'my data', "it's 🧪"), 'content')
    writeFileSync(join(local, 'my data', 'b'), 'more')
    expect(await run('cp', join(local, 'my data'), `llama:${pod}`)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Copied 2 files \(11 B\) in \d+ s\.\n$/),
    })
    expect(readFileSync(join(pod, 'my data', "it's 🧪"), 'utf8')).toBe('content')
    const back = await run('cp', '--json', `llama:${pod}/my data`, join(local, 'back'))
    expect(back.code).toBe(0)
    expect(JSON.parse(back.stdout)).toEqual({
      version: 1,
      account: { id: accountId, name: 'environment' },
      pod: { id: 'pod-1', name: 'llama' },
      direction: 'download',
      copied: 2,
      same: 0,
      bytes: 11,
      failed: [],
      message: null,
    })
    expect(readFileSync(join(local, 'back', "it's 🧪"), 'utf8')).toBe('content')
    expect(await run('cp', join(local, 'my data'), `llama:${pod}`)).toMatchObject({
      stdout: expect.stringMatching(/^Copied 0 files \(0 B\) in \d+ s\. 2 files were there already\.\n$/),
    })
    // A pod whose files are copied is in use.
    expect(JSON.parse(readFileSync(join(dataFolder, 'terminal-input.json'), 'utf8'))).toMatchObject([
      { accountId, podId: 'pod-1' },
    ])
  })

  test.each(['SIGINT', 'SIGKILL'] as const)('continues after %s, with an equal hash', async (signal) => {
    const { run, start, pod, local } = await prepareSshPod()
    writeFileSync(join(pod, 'model'), randomFile(60 * MB))
    const copying = start({ isRealProgram: true }, 'cp', `llama:${pod}/model`, local)
    const part = (): string | undefined => readdirSync(local).find((name) => name.endsWith('.part'))
    await expect
      .poll(() => (part() === undefined ? 0 : statSync(join(local, part() ?? '')).size), { interval: 5 })
      .toBeGreaterThan(5 * MB)
    copying.child.kill(signal)
    const { code, stderr } = await copying.exited
    expect(code).toBe(signal === 'SIGINT' ? 130 : null)
    if (signal === 'SIGINT') expect(stderr).toContain('The same command continues from here.')
    expect(readdirSync(local)).toEqual([expect.stringMatching(/\.part$/)])
    expect(await run('cp', `llama:${pod}/model`, local)).toMatchObject({ code: 0 })
    expect(sha256(join(local, 'model'))).toBe(sha256(join(pod, 'model')))
    expect(readdirSync(local)).toEqual(['model'])
  })

  test('shows its progress on a terminal', async () => {
    const { start, pod, local } = await prepareSshPod()
    writeFileSync(join(pod, 'model'), randomFile(60 * MB))
    const copying = start({ terminal: { columns: 100, rows: 20 } }, 'cp', `llama:${pod}/model`, local)
    const { code, stdout } = await copying.exited
    expect(code).toBe(0)
    expect(stdout).toMatch(/\d+ MB of 60 MB \(\d+%\)/)
    expect(stdout).toMatch(/Copied 1 file \(60 MB\) in/)
  })

  test('names what it could not copy, and fails', async () => {
    const { run, pod, local } = await prepareSshPod()
    writeFileSync(join(pod, 'a'), 'a')
    symlinkSync('a', join(local, 'a'))
    expect(await run('cp', `llama:${pod}/a`, local)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('1 file not copied:\na: a link has its name there\n'),
    })
    expect(await run('cp', '--max-size', '0', `llama:${pod}/a`, join(local, 'b'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        'There are 1 B to copy, more than the 0 B of --max-size. Nothing was copied.',
      ),
    })
    expect(await run('cp', `llama:${pod}/missing`, local)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('/missing isn’t on the pod.'),
    })
  })

  test('asks for a pod on one side, one that exists, and a host key that is trusted', async () => {
    const { run, pod, local } = await prepareSshPod(false)
    for (const paths of [
      [local],
      [local, local],
      [`llama:${pod}`, `llama:${pod}`],
      [`llama:${pod}`, `b:${pod}`, local],
    ])
      expect(await run('cp', ...paths)).toMatchObject({ code: 2 })
    expect(await run('cp', `nobody:${pod}`, local)).toMatchObject({ code: 5 })
    expect(await run('cp', `llama:${pod}`, local)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /its host key isn't trusted yet\.\nAccept it with podkeeper queue trust llama, or in a terminal of the app\./,
      ),
    })
  })
})

test('podkeeper ls shows permissions, sizes and targets of links', async () => {
  const { run, pod } = await prepareSshPod()
  writeFileSync(join(pod, 'line\nfeed'), 'x'.repeat(1_500), { mode: 0o640 })
  symlinkSync('/workspace', join(pod, 'link'))
  for (const name of ['line\nfeed']) utimesSync(join(pod, name), 1_600_000_000, 1_600_000_000)
  const { code, stdout } = await run('ls', `llama:${pod}`)
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /^-rw-r----- {2}1\.5 kB {2}.*Sep.* {2}line\\nfeed\nlrwxrwxrwx .* {2}link -> \/workspace\n$/,
  )
  const json = await run('ls', '--json', `llama:${pod}`)
  expect(JSON.parse(json.stdout).files[0]).toEqual({
    name: 'line\nfeed',
    kind: 'file',
    sizeBytes: 1_500,
    mode: '640',
    modifiedAt: '2020-09-13T12:26:40.000Z',
    target: null,
  })
  expect(await run('ls', `llama:${pod}/missing`)).toMatchObject({ code: 1 })
  expect(await run('ls', '/workspace')).toMatchObject({ code: 2 })
})
