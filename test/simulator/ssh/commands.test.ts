import { describe, expect, it } from 'vitest'
import type { SimulatedPodSpec } from '../../../src/simulator/world/pod-spec'
import type { Simulator } from '../../../src/simulator/simulator'
import { writeFile } from '../../../src/simulator/ssh/commands/file-commands'
import { DISK_CHARS, Files, type SimulatedFile } from '../../../src/simulator/ssh/machine/files'
import { sendPodAction, startSimulator } from '../../harness/simulator/simulator-fixture'
import { connect, directOf, heard, type Ran, runIn } from './client'

const h100 = { id: 'NVIDIA H100 80GB HBM3', count: 4, vcpuCount: 104, memory: 752 }
const llama: SimulatedPodSpec = {
  id: 'p',
  name: 'llama-70b-sft',
  mode: 'training',
  gpu: h100,
  stalePortsS: 0,
}

async function inside(spec: Partial<SimulatedPodSpec> = {}) {
  const { simulator, clock } = await startSimulator({ ssh: 'any-key', pods: [{ ...llama, ...spec }] })
  const client = await connect(directOf(simulator, 'p'))
  return { simulator, clock, run: (command: string) => runIn(client, command) }
}

const gpusOf = (simulator: Simulator) => (simulator.pod('p')['runtime'] as any).gpus

describe('nvidia-smi', () => {
  const ask = (names: string, format = 'csv,noheader,nounits') =>
    `nvidia-smi --query-gpu=${names} --format=${format}`

  it("agrees with the API's telemetry", async () => {
    const { simulator, clock, run } = await inside()
    for (let i = 0; i < 5; i += 1) {
      clock.advanceS(37)
      const { out } = await run(ask('utilization.gpu,utilization.memory,memory.used,memory.total'))
      const rows = out
        .trim()
        .split('\n')
        .map((row) => row.split(', ').map(Number))
      expect(rows.map(([util, memoryUtil]) => ({ util, memoryUtil }))).toEqual(gpusOf(simulator))
      for (const [, percent, used, total] of rows) expect((used! / total!) * 100).toBeCloseTo(percent!, 1)
    }
  })

  it('answers queries like the real one', async () => {
    const { run } = await inside()
    const names = 'index,name,utilization.gpu,memory.used,power.draw'
    const rows = (await run(ask(names, 'csv,noheader'))).out.trim().split('\n')
    expect(rows).toHaveLength(4)
    expect(rows[0]).toMatch(/^0, NVIDIA H100 80GB HBM3, \d\d %, \d+ MiB, \d{3}\.\d\d W$/)
    expect((await run(ask(names, 'csv'))).out.split('\n')[0]).toBe(
      'index, name, utilization.gpu [%], memory.used [MiB], power.draw [W]',
    )
    expect(await run(ask('colour'))).toMatchObject({ code: 2, out: '' })
    expect(await run('nvidia-smi --query-gpu=index')).toMatchObject({ code: 2, out: '' })
    expect((await run('nvidia-smi -L')).out).toMatch(
      /^GPU 0: NVIDIA H100 80GB HBM3 \(UUID: GPU-[-0-9a-f]{36}\)$/m,
    )
  })

  it('has a table and does not exist on a CPU pod', async () => {
    const { simulator, run } = await inside()
    const { out } = await run('nvidia-smi')
    for (const { util } of gpusOf(simulator)) expect(out).toContain(` ${util}%`)
    const cpu = await inside({ mode: 'cpu-only', gpu: null })
    const err = 'bash: nvidia-smi: command not found\n'
    expect(await cpu.run('nvidia-smi')).toEqual({ out: '', err, code: 127 })
  })

  it('is idle on an idle pod', async () => {
    const { run } = await inside({ mode: 'idle' })
    for (const row of (await run(ask('utilization.gpu,power.draw'))).out.trim().split('\n')) {
      const [util, watts] = row.split(', ').map(Number)
      expect(util).toBeLessThanOrEqual(2)
      expect(watts).toBeLessThan(120)
    }
  })
})

describe('the files of a pod', () => {
  it('can be listed, read, created and removed', async () => {
    const { run } = await inside()
    expect((await run('ls')).out).toBe('README.md  checkpoints  config.yaml  data  train.log  train.py\n')
    expect((await run('cd checkpoints && pwd && ls -lh step-14000')).out).toMatch(
      /^\/workspace\/checkpoints\ntotal 4\n-rw-r--r-- 1 root root +13G Nov 24 09:00 model\.safetensors\n$/,
    )
    expect((await run('cat config.yaml | head -n 1')).out).toBe('steps: 20000\n')
    await run('mkdir -p a/b; echo "one two" > a/b/c; echo three >> a/b/c; touch a/d')
    expect((await run('cat a/b/c; ls a; wc -l a/b/c')).out).toBe('one two\nthree\nb  d\n2 a/b/c\n')
    await run('rm -r a')
    expect(await run('cat a/d')).toEqual({ out: '', err: 'cat: a/d: No such file or directory\n', code: 1 })
  })

  it.each([
    ['cd none', 'cd: none: No such file or directory', 1],
    ['ls none', "ls: cannot access 'none': No such file or directory", 2],
    ['cat checkpoints', 'cat: checkpoints: Is a directory', 1],
    ['rm data', "rm: cannot remove 'data': Is a directory", 1],
    ['mkdir x/y', "mkdir: cannot create directory 'x/y': No such file or directory", 1],
    ['echo x > none/y', 'bash: none/y: No such file or directory', 1],
    ['echo x > train.log', 'bash: train.log: Permission denied', 1],
    ['frobnicate', 'bash: frobnicate: command not found', 127],
    ['constructor', 'bash: constructor: command not found', 127],
  ])('give the usual errors: %s', async (command, words, code) => {
    const { run } = await inside()
    expect(await run(command)).toEqual({ out: '', err: `${words}\n`, code })
  })

  it('are limited by the size of the disk', () => {
    const disk = new Map<string, SimulatedFile>([
      ['/tmp', { kind: 'folder' }],
      ['/tmp/big', { kind: 'file', text: 'y'.repeat(DISK_CHARS - 3) }],
    ])
    const write = (text: string) =>
      writeFile({ files: new Files(disk, null, '/workspace'), shell: { folder: '/tmp' } }, 'one', text, false)
    expect(write('four')).toBe('write error: No space left on device')
    expect(disk.has('/tmp/one')).toBe(false)
    expect(write('two')).toBeNull()
  })

  it('survive a restart on a volume, and nowhere else', async () => {
    const spec = { persistent: { sizeGb: 100, path: '/workspace' }, restartingS: 0 }
    const { simulator, clock, run } = await inside(spec)
    await run('echo kept > /workspace/kept; echo lost > /root/lost')
    await sendPodAction(simulator, 'p', 'restart')
    clock.advanceS(1)
    await expect.poll(() => (simulator.pod('p')['ssh'] as any).direct).not.toBeNull()
    const again = await connect(directOf(simulator, 'p'))
    expect((await runIn(again, 'cat /workspace/kept')).out).toBe('kept\n')
    expect((await runIn(again, 'cat /root/lost')).code).toBe(1)
  })
})

describe('the shell', () => {
  it('runs its input line by line without a terminal and returns the last exit code', async () => {
    const { simulator } = await inside()
    const client = await connect(directOf(simulator, 'p'))
    const ran = await new Promise<Ran>((resolve, reject) => {
      client.shell(false, (error, channel) => {
        if (error) return reject(error)
        resolve(heard(channel))
        channel.end('echo hi\ncd\ncd /root; pwd\nexit 5\necho never\n')
      })
    })
    expect(ran).toEqual({ out: 'hi\n/root\n', err: '', code: 5 })
  })

  it('runs the scripts of a training for as long as they take, and one that needs too much memory fails', async () => {
    const { simulator, run } = await inside()
    simulator.timeFactor(1_000)
    expect((await run('python train.py --steps 30')).out).toMatch(
      /^step 10\/20000 loss .*\nstep 20\/20000 loss .*\nstep 30\/20000 loss .*\n$/,
    )
    expect(await run('python3 lora.py --batch-size 64')).toEqual({
      out: '',
      err: 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 21.47 GiB.\n',
      code: 1,
    })
    expect((await run('python')).code).toBe(2)
  })

  it('supports quotes, variables, pipes and lists', async () => {
    const { run } = await inside({ env: { WHERE: 'here' } })
    expect((await run(`A="x y"; echo $A '$A' "\${A}z" $WHERE`)).out).toBe('x y $A x yz here\n')
    expect((await run('false && echo a || echo b; echo $?')).out).toBe('b\n0\n')
    expect((await run('seq 20 | grep 1 | tail -n 2')).out).toBe('18\n19\n')
    expect((await run('yes no | head -n 3')).out).toBe('no\nno\nno\n')
    expect((await run('exit 3')).code).toBe(3)
    expect((await run('echo a # b')).out).toBe('a\n')
  })

  it('shows the state of the machine', async () => {
    const { run } = await inside()
    expect((await run('uptime')).out).toContain('up 1:00')
    expect((await run('ps')).out).toContain('python train.py')
    expect((await run('df')).out).toContain('overlay')
    expect((await run('free')).out).toContain('752G')
    expect((await run('env')).out).toContain('SIMULATED_SECRET=')
    expect((await run('help')).out).toContain('nvidia-smi')
  })

  it("shows the pod's log as time passes", async () => {
    const { clock, run } = await inside()
    const last = async () => (await run('tail -n 1 train.log')).out
    const before = await last()
    expect(before).toMatch(/^step \d+\/20000 loss /)
    clock.advanceS(16)
    expect(await last()).not.toBe(before)
  })
})
