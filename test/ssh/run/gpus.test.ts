import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gpuScript, gpuScriptOf, parseGpus } from '../../../src/core/gpus/gpu-probe'
import type { ConnectPrompts } from '../../../src/ssh/connection/ssh-shell'
import { createFakeNvidiaSmi, smiGpus, smiProcesses } from '../../harness/ssh/fake-nvidia-smi'
import { startOpenSshForTest, startRelay, tempFolder } from '../../harness/ssh/openssh-for-test'
import { byRoute, startTrustedServer } from '../../harness/cli/trusted-server'
import { startSimulator } from '../../harness/simulator/simulator-fixture'
import { createSshClient, target } from '../../harness/ssh/ssh-client'

const { signal } = new AbortController()
const LIMIT_MS = 30_000

async function openAt(config: readonly string[], prompts: ConnectPrompts | null = null) {
  const { here, server, where } = await startTrustedServer('direct', { config })
  const opened = await here.ssh.openScriptSession(where, prompts, signal)
  if (!opened.ok) throw new Error(opened.error.reason)
  return { server, session: opened.value }
}

async function readAt(config: readonly string[], script = gpuScript) {
  const { session } = await openAt(config)
  const printed = await session.run(script, LIMIT_MS)
  session.close()
  return printed.ok ? parseGpus(printed.value) : printed
}

describe('the GPUs of a pod, read over SSH', () => {
  it('come with their processes, whose user and command the pod knows', async () => {
    const smi = createFakeNvidiaSmi()
    const all = Array.from({ length: 8 }, (_, index) => index)
    smi.show(smiGpus(all.map((index) => ({ util: String(90 + index) }))), smiProcesses(process.pid, all))
    const reading = await readAt(smi.config)
    expect(reading).toMatchObject({
      ok: true,
      value: {
        processes: [
          { pid: process.pid, gpus: all, memoryMib: 8 * 70_911, command: expect.stringMatching(/node/) },
        ],
        unreadLines: 0,
      },
    })
    const { gpus, processes } = (reading.ok && reading.value) as Exclude<
      typeof reading,
      { ok: false }
    >['value']
    expect(gpus.map(({ utilPercent }) => utilPercent)).toEqual([90, 91, 92, 93, 94, 95, 96, 97])
    expect(processes?.[0]?.user).toMatch(/^\w+$/)
  })

  it('are read one time after the other over one connection', async () => {
    const smi = createFakeNvidiaSmi()
    const { server, session } = await openAt(smi.config)
    const attempts = server.attempts()
    for (const util of ['0', '55', '100']) {
      smi.show(smiGpus([{ util }]))
      const printed = await session.run(gpuScript, LIMIT_MS)
      expect(printed.ok && parseGpus(printed.value)).toMatchObject({
        value: { gpus: [{ utilPercent: Number(util) }], processes: [] },
      })
    }
    expect([server.attempts(), smi.reads()]).toEqual([attempts, 3])
  })

  it('of a driver that knows no MIG are read without it', async () => {
    const smi = createFakeNvidiaSmi()
    smi.behave(
      `case "$*" in *mig.mode*) echo 'Field "mig.mode.current" is not a valid field to query.'; exit 2;; esac`,
    )
    expect(await readAt(smi.config)).toMatchObject({ ok: true, value: { gpus: [{ index: 0 }] } })
  })

  it('are a failure where nvidia-smi is missing, fails, or prints something else', async () => {
    // Everything of the system but nvidia-smi.
    const folder = tempFolder('path')
    for (const name of ['sh', 'cut', 'head', 'sort', 'grep', 'stat', 'timeout'])
      symlinkSync(`/usr/bin/${name}`, join(folder, name))
    expect(await readAt([`ForceCommand PATH=${folder}; export PATH; exec sh`])).toEqual({
      ok: false,
      error: { kind: 'no-nvidia-smi' },
    })
    const smi = createFakeNvidiaSmi()
    smi.behave('echo "NVIDIA-SMI has failed because it couldn’t communicate with the NVIDIA driver."; exit 9')
    expect(await readAt(smi.config)).toEqual({ ok: false, error: { kind: 'failed', exitCode: 9 } })
    smi.behave('head -c 100000 /dev/urandom; exit 0')
    expect(await readAt(smi.config)).toEqual({ ok: false, error: { kind: 'unreadable' } })
  })

  it('of an nvidia-smi that hangs are given up, which kills it', async () => {
    const smi = createFakeNvidiaSmi()
    const pidFile = join(tempFolder('pid'), 'pid')
    smi.behave(`echo $$ > ${pidFile}; exec sleep 1000`)
    expect(await readAt(smi.config, gpuScriptOf(3))).toEqual({ ok: false, error: { kind: 'timed-out' } })
    await expect.poll(() => existsSync(`/proc/${readFileSync(pidFile, 'utf8').trim()}`)).toBe(false)
  })

  it('are not read over a host key that nobody has trusted, unless a person is asked and trusts it', async () => {
    const smi = createFakeNvidiaSmi()
    const here = createSshClient()
    const server = await startOpenSshForTest({ authorized: [here.key().publicLine], config: smi.config })
    const where = byRoute('direct', server.port, server.username)
    expect(await here.ssh.openScriptSession(where, null, signal)).toMatchObject({
      ok: false,
      error: { kind: 'host-key-untrusted' },
    })
    here.person.acceptsHostKeys = false
    expect(await here.ssh.openScriptSession(where, here.person, signal)).toMatchObject({ ok: false })
    expect([server.attempts(), smi.reads()]).toEqual([0, 0])
    here.person.acceptsHostKeys = true
    const opened = await here.ssh.openScriptSession(where, here.person, signal)
    expect(here.person.questions).toHaveLength(2)
    if (opened.ok) opened.value.close()
  })

  it('of a pod that is reached by a proxy only are not read', async () => {
    const smi = createFakeNvidiaSmi()
    const { here, where } = await startTrustedServer('proxy', { config: smi.config })
    expect(await here.ssh.openScriptSession(where, null, signal)).toMatchObject({
      ok: false,
      error: { kind: 'no-route' },
    })
  })
})

describe('a session for scripts', () => {
  it('ends when a pod prints too much, hangs, or is lost', async () => {
    const sh = ['ForceCommand exec sh']
    const tooMuch = await openAt(sh)
    expect(await tooMuch.session.run('yes', LIMIT_MS)).toMatchObject({ error: { kind: 'no-answer' } })
    expect(await tooMuch.session.run('echo hi', LIMIT_MS)).toMatchObject({ ok: false })

    const slow = await openAt(sh)
    expect(await slow.session.run('sleep 1000', 200)).toMatchObject({ error: { kind: 'timed-out' } })
    expect(await slow.session.run('echo hi', LIMIT_MS)).toMatchObject({ ok: false })

    const { here, server } = await startTrustedServer('direct', { config: sh })
    const relay = await startRelay(server.port)
    const cut = await here.ssh.openScriptSession(byRoute('direct', relay.port, server.username), null, signal)
    if (!cut.ok) throw new Error(cut.error.reason)
    const running = cut.value.run('sleep 1000', LIMIT_MS)
    relay.cut()
    expect(await running).toMatchObject({ error: { kind: 'connection-lost' } })
  })
})

it('a simulated pod shows its GPUs and what trains on them, and one that idles shows none at work', async () => {
  const gpu = { id: 'NVIDIA H100 80GB HBM3', count: 4, vcpuCount: 104, memory: 752 }
  const pods = (['training', 'idle'] as const).map((mode) => ({
    id: mode,
    name: mode,
    mode,
    gpu,
    stalePortsS: 0,
  }))
  const { simulator } = await startSimulator({ pods, ssh: 'any-key' })
  const here = createSshClient()
  here.key()
  const read = async (id: string) => {
    const { direct } = simulator.pod(id)['ssh'] as any
    const opened = await here.ssh.openScriptSession(target(direct, { podId: id }), here.person, signal)
    const printed = opened.ok ? await opened.value.run(gpuScript, LIMIT_MS) : opened
    if (opened.ok) opened.value.close()
    return printed.ok ? parseGpus(printed.value) : printed
  }
  expect(await read('training')).toMatchObject({
    ok: true,
    value: {
      gpus: [{ index: 0, memoryTotalMib: 81_600 }, {}, {}, {}],
      processes: [
        { pid: 112, gpus: [0, 1, 2, 3], user: 'root', command: expect.stringMatching(/^python train\.py/) },
      ],
      unreadLines: 0,
    },
  })
  expect(await read('idle')).toMatchObject({ ok: true, value: { processes: [], unreadLines: 0 } })
})
