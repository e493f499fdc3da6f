import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { sshRouteTo } from '../harness/app/start/ssh-pod'
import { prepareSshPod } from '../harness/cli/ssh-pod'
import { writeFakeEditor } from '../harness/cli/fake-editor'
import { useRealCli } from '../harness/cli/real-program'

useRealCli()

/* The command line with a real OpenSSH on both sides, and editors that record what they get. */

const run = promisify(execFile)
const ALIAS = 'pod-llama-pod-1'

test('podkeeper open writes the pod’s host after asking, and starts the editor on it', async () => {
  const pod = await prepareSshPod()
  const { home } = pod
  const config = join(home, '.ssh/config')
  writeFileSync(config, 'Host *\n  Port 1\n')
  mkdirSync(join(home, '.local/bin'), { recursive: true })
  const zed = writeFakeEditor(join(home, '.local/bin/zed'))

  // Nothing is changed without a yes.
  expect(await pod.run('open', 'llama', '--with', 'zed')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('confirm with --yes'),
  })
  const asked = pod.start({ terminal: { columns: 100, rows: 30 } }, 'open', 'llama', '--with', 'zed')
  await asked.waitForOutput(/Continue\? \[y\/N\]/)
  asked.type('n\r')
  expect((await asked.exited).code).toBe(1)
  expect(readFileSync(config, 'utf8')).toBe('Host *\n  Port 1\n')
  expect(existsSync(join(home, '.ssh/podkeeper.d'))).toBe(false)
  expect(zed()).toEqual([])

  const opened = await pod.run('open', 'llama', '--with', 'zed', '--yes', '--folder', '/work space')
  expect(opened).toMatchObject({
    code: 0,
    stdout: `zed opens /work space on ${ALIAS}.\n`.replace('zed', 'Zed'),
  })
  await expect.poll(zed).toEqual([[`ssh://${ALIAS}/work%20space`]])
  const [line = '', ...others] = readFileSync(config, 'utf8').split('\n')
  expect(line).toMatch(/^Include ".*\/\.ssh\/podkeeper\.d\/\*\.config"$/)
  expect(others.join('\n')).toBe('Host *\n  Port 1\n')
  const ssh = (...args: readonly string[]) =>
    run('ssh', ['-F', config, '-o', 'BatchMode=yes', ALIAS, ...args], { env: { PATH: process.env['PATH'] } })
  expect((await ssh('echo reached')).stdout).toBe('reached\n')

  // A command of one's own, and no question the second time.
  const own = writeFakeEditor(join(home, 'my editor'))
  const command = `"${join(home, 'my editor')}" --at {alias}:{folder}`
  expect(await pod.run('open', 'llama', '--with', command)).toMatchObject({ code: 0 })
  await expect.poll(own).toEqual([['--at', `${ALIAS}:/root`]])

  // A watch keeps the host true after a restart of the pod, which then has another address.
  pod.runpod.setPod('pod-1', { overrides: { ssh: sshRouteTo(pod.server) } })
  const watch = pod.start({}, 'watch', '--log', 'text')
  const written = () => {
    const folder = join(home, '.ssh/podkeeper.d')
    const [name = ''] = readdirSync(folder).filter((one) => one.endsWith('.config'))
    return readFileSync(join(folder, name), 'utf8')
  }
  await expect.poll(written, { timeout: 60_000 }).toContain(`Port ${pod.server.port}\n`)
  watch.child.kill('SIGINT')
  await watch.exited
  pod.relay.cut()
  expect((await ssh('echo moved')).stdout).toBe('moved\n')

  expect(await pod.run('ssh-config', '--remove', '--yes')).toMatchObject({ code: 0 })
  expect(readFileSync(config, 'utf8')).toBe('Host *\n  Port 1\n')
  expect(readdirSync(join(home, '.ssh/podkeeper.d'))).toEqual([])
})

test('podkeeper ssh-config prints hosts, and writes them', async () => {
  const { run: podkeeper, home } = await prepareSshPod()
  const printed = await podkeeper('ssh-config')
  expect(printed.stdout).toMatch(new RegExp(`^Host ${ALIAS}\n  HostName 127\\.0\\.0\\.1\n`, 'm'))
  expect(existsSync(join(home, '.ssh/config'))).toBe(false)
  expect(await podkeeper('ssh-config', '--write', '--yes')).toMatchObject({ code: 0, stdout: `${ALIAS}\n` })
  expect(await podkeeper('ssh-config', '--write', '--remove')).toMatchObject({ code: 2 })
})

test('podkeeper open refuses what it can’t do', async () => {
  const { run: podkeeper, home } = await prepareSshPod(false)
  mkdirSync(join(home, '.local/bin'), { recursive: true })
  const zed = writeFakeEditor(join(home, '.local/bin/zed'))
  const open = (...args: readonly string[]) => podkeeper('open', 'llama', '--yes', ...args)
  expect(await open('--with', 'zed')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/host key isn't trusted yet.*podkeeper queue trust llama/),
  })
  expect(await open('--with', '/nowhere/editor {alias}')).toMatchObject({ code: 1 })
  expect(await open('--with', 'sh -c "x"')).toMatchObject({ code: 2 })
  expect(await open('--with', 'zed', '--folder', 'x')).toMatchObject({ code: 2 })
  expect(zed()).toEqual([])
  expect(existsSync(join(home, '.ssh/config'))).toBe(false)
})
