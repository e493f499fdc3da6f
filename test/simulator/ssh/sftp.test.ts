import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { createDownloadSide } from '../../../src/ssh/files/sides/download-side'
import { openUnattendedFiles } from '../../../src/ssh/files/session/unattended-files'
import { uploadSide } from '../../../src/ssh/files/sides/upload-side'
import { transfer } from '../../../src/ssh/files/transfer'
import { startSimulatedJobPod } from '../../harness/queue/simulated-job-pod'
import { startSimulator } from '../../harness/simulator/simulator-fixture'
import { randomFile } from '../../harness/ssh/file-pod'
import { target } from '../../harness/ssh/ssh-client'
import { connect, directOf, runIn, testKey } from './client'

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'podkeeper-sftp-'))

async function startFiles() {
  const { ssh, pod, simulator } = await startSimulatedJobPod()
  const open = (signal: AbortSignal) =>
    openUnattendedFiles(ssh.openFileSession, target(pod.ssh.direct), signal)
  const local = newFolder()
  const copy = (
    direction: 'up' | 'down',
    sources: readonly string[],
    destination: string,
    signal?: AbortSignal,
  ) =>
    transfer({
      side: direction === 'up' ? uploadSide : createDownloadSide(),
      sources,
      destination,
      resumes: true,
      identity: 'a p',
      open,
      signal: signal ?? new AbortController().signal,
      onPlan: () => null,
      retryDelaysMs: [0],
      nowMs: () => performance.now(),
    })
  return { open, local, copy, shell: () => connect(directOf(simulator, 'p')) }
}

test('OpenSSH’s own client lists, puts, renames, gets and removes files', async () => {
  const { simulator } = await startSimulator({
    pods: [{ id: 'p', name: 'llama', mode: 'idle', stalePortsS: 0 }],
    ssh: 'any-key',
  })
  const { host = '', port = 0, username = '' } = directOf(simulator, 'p')
  const folder = newFolder()
  writeFileSync(join(folder, 'key'), testKey.private)
  chmodSync(join(folder, 'key'), 0o600)
  writeFileSync(join(folder, 'given'), randomFile(300_000))
  const batch = [
    'cd /workspace',
    'mkdir runs',
    `put ${join(folder, 'given')} runs/a`,
    'rename runs/a runs/b',
    `put ${join(folder, 'given')} config.yaml`,
    'ls -l runs',
    `get runs/b ${join(folder, 'taken')}`,
    'rm runs/b',
    'rmdir runs',
    'ls -1',
    'df .',
  ]
  writeFileSync(join(folder, 'batch'), batch.join('\n'))
  const options = `-F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=${join(folder, 'hosts')}`
  const paths = `-i ${join(folder, 'key')} -s /usr/lib/openssh/sftp-server -b ${join(folder, 'batch')}`
  const { stdout } = await promisify(execFile)(
    'sftp',
    `${options} ${paths} -P ${port} ${username}@${host}`.split(' '),
  )
  expect(stdout).toMatch(/^-rw-r--r-- .* 300000 .*b$/m)
  expect(stdout).toMatch(/^checkpoints\s*\nconfig\.yaml\s*\ndata\s*\n(?!.*\bruns\b)[^]*train\.log\s*$/m)
  expect(readFileSync(join(folder, 'taken')).equals(readFileSync(join(folder, 'given')))).toBe(true)
  const shell = await connect(directOf(simulator, 'p'))
  expect((await runIn(shell, 'ls -l /workspace')).out).toMatch(/300000 .* config\.yaml/)
})

test('a folder goes to a pod and back as it was, is compared by its hash, and is not copied twice', async () => {
  const { local, copy, shell } = await startFiles()
  const given = join(local, 'given')
  mkdirSync(join(given, 'below'), { recursive: true })
  writeFileSync(join(given, 'weights.bin'), randomFile(2_000_000))
  writeFileSync(join(given, 'below', 'läuft.txt'), 'steps: 20000\n')
  expect(await copy('up', [given], '/workspace')).toMatchObject({ ok: true, value: { copied: 2 } })
  expect((await runIn(await shell(), 'cat /workspace/given/below/läuft.txt')).out).toBe('steps: 20000\n')
  expect(await copy('up', [given], '/workspace')).toMatchObject({ ok: true, value: { copied: 0 } })
  mkdirSync(join(local, 'taken'))
  expect(await copy('down', ['/workspace/given'], join(local, 'taken'))).toMatchObject({ ok: true })
  for (const name of ['weights.bin', 'below/läuft.txt'])
    expect(readFileSync(join(local, 'taken', 'given', name)).equals(readFileSync(join(given, name)))).toBe(
      true,
    )
})

test('what a file of the demo only stands for can be fetched, is paced, and can be canceled', async () => {
  const { local, copy, open } = await startFiles()
  const opened = await open(new AbortController().signal)
  if (!opened.ok) throw new Error(JSON.stringify(opened.error))
  const { sftp } = opened.value
  const model = '/workspace/checkpoints/step-14000/model.safetensors'
  const startedMs = performance.now()
  const handle = await sftp.openToRead(model)
  let bytes = 0
  for (let at = 0; at < 100; at++) bytes += (await sftp.read(handle, bytes, 32 * 1024)).length
  expect(bytes).toBe(100 * 32 * 1024)
  expect((await sftp.stat(model)).sizeBytes).toBe(14_483_464_192)
  // Its own speed is 20 MB a second; three are read.
  expect(performance.now() - startedMs).toBeGreaterThan(100)
  const controller = new AbortController()
  const fetching = copy('down', [model], local, controller.signal)
  await expect.poll(() => readdirSync(local).length).toBe(1)
  controller.abort()
  expect(await fetching).toMatchObject({ ok: false, error: { kind: 'aborted' } })
})

test('a file that does not fit is refused, and what was there stays', async () => {
  const { local, copy, shell } = await startFiles()
  writeFileSync(join(local, 'config.yaml'), Buffer.alloc(157_000_000))
  expect(await copy('up', [join(local, 'config.yaml')], '/workspace')).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining('256 MB free') },
  })
  expect((await runIn(await shell(), 'cat /workspace/config.yaml')).out).toContain('steps: 20000')
})
