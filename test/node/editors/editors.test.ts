import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findEditor } from '../../../src/node/editors/find-editor'
import { startEditor } from '../../../src/node/editors/start-editor'
import { writeFakeEditor } from '../../harness/cli/fake-editor'
import { tempFolder } from '../../harness/ssh/openssh-for-test'

function prepare(customCommand: string | null = null) {
  const home = tempFolder('home')
  const bin = join(home, 'my bin')
  mkdirSync(bin)
  const locations = {
    home,
    env: { PATH: `relative:.::${bin}:/usr/sbin`, RUNPOD_API_KEY: 'secret', ELECTRON_RUN_AS_NODE: '1' },
    platform: 'linux' as const,
    customCommand: () => customCommand,
  }
  return { home, bin, locations }
}

test('editors are found in PATH, or where their installers put them, if they can be run', () => {
  const { home, bin, locations } = prepare()
  for (const id of ['code', 'cursor', 'zed', 'custom'] as const) expect(findEditor(id, locations)).toBeNull()
  writeFakeEditor(join(bin, 'code'))
  expect(findEditor('code', locations)).toEqual({
    id: 'code',
    name: 'VS Code',
    program: join(bin, 'code'),
    custom: null,
  })
  chmodSync(join(bin, 'code'), 0o644)
  mkdirSync(join(bin, 'cursor'))
  expect(findEditor('code', locations)).toBeNull()
  expect(findEditor('cursor', locations)).toBeNull()
  mkdirSync(join(home, '.local/bin'), { recursive: true })
  writeFakeEditor(join(home, '.local/bin/zed'))
  expect(findEditor('zed', locations)?.program).toBe(join(home, '.local/bin/zed'))
})

test('an editor gets its arguments as they are, and no key of Podkeeper', async () => {
  const { bin, home, locations } = prepare('my-editor --at {alias} "{folder} x"')
  const started = writeFakeEditor(join(bin, 'my-editor'))
  const editor = findEditor('custom', locations)
  if (editor === null) throw new Error('It was not found.')
  expect(editor.name).toBe('my-editor')
  const folder = '/workspace/$(touch evil); "x" \'y\''
  expect(await startEditor(editor, { alias: 'pod-a', folder, home, env: locations.env })).toEqual({
    ok: true,
    value: undefined,
  })
  await expect.poll(started).toEqual([['--at', 'pod-a', `${folder} x`]])
  expect(existsSync(join(home, 'evil'))).toBe(false)
  expect(readFileSync(join(bin, 'my-editor.env'), 'utf8')).not.toMatch(/RUNPOD|secret|ELECTRON/)
})

test('an editor that fails at once is shown, and one that runs on is not waited for', async () => {
  const { bin, home, locations } = prepare()
  const start = (text: string, settleMs: number) => {
    writeFileSync(join(bin, 'code'), text, { mode: 0o755 })
    const editor = findEditor('code', locations)
    if (editor === null) throw new Error('It was not found.')
    return startEditor(editor, { alias: 'pod-a', folder: '/', home, env: locations.env, settleMs })
  }
  expect(await start('#!/bin/sh\nexit 7\n', 60_000)).toEqual({
    ok: false,
    error: 'VS Code ended at once with exit code 7.',
  })
  expect(await start('#!/nowhere/sh\n', 60_000)).toMatchObject({
    ok: false,
    error: expect.stringContaining('VS Code could not be started'),
  })
  const pipe = join(bin, 'code.pipe')
  execFileSync('mkfifo', [pipe])
  expect(await start('#!/bin/sh\nread line < "$0.pipe"\n', 1)).toEqual({ ok: true, value: undefined })
  writeFileSync(pipe, 'end\n')
})
