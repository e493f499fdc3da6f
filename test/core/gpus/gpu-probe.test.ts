import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseGpus } from '../../../src/core/gpus/gpu-probe'
import { busiestGpu } from '../../../src/core/gpus/gpu-reading'

const H100 = 'GPU-5a1c6d7e-0b1f-2c3d-4e5f-60718293a4b5'
const OTHER = 'GPU-6b2c6d7e-0b1f-2c3d-4e5f-60718293a4b5'

interface Printed {
  readonly gpus?: string
  readonly processes?: string
  readonly exit?: string
  readonly users?: string
  readonly commands?: string
}

const oneGpu = `0, ${H100}, 94, 71034, 81559, 64, 661.52, 700.00, Disabled, NVIDIA H100 80GB HBM3\n`

const printed = ({ gpus = oneGpu, processes = '', exit = '0 0', users = '', commands = '' }: Printed = {}) =>
  `gpus\n${gpus}processes\n${processes}exit ${exit}\nusers\n${users}commands\n${commands}`

function readingOf(parts: Printed) {
  const reading = parseGpus(printed(parts))
  if (!reading.ok) throw new Error(JSON.stringify(reading.error))
  return reading.value
}

describe('what nvidia-smi prints', () => {
  it('is read with all figures of a GPU', () => {
    expect(readingOf({})).toEqual({
      gpus: [
        {
          index: 0,
          name: 'NVIDIA H100 80GB HBM3',
          utilPercent: 94,
          memoryUsedMib: 71034,
          memoryTotalMib: 81559,
          temperatureC: 64,
          powerW: 661.52,
          powerLimitW: 700,
          isDivided: false,
        },
      ],
      processes: [],
      leftOutCount: 0,
      unreadLines: 0,
    })
  })

  it.each(['[N/A]', '[Not Supported]', '[Unknown Error]', 'ERR!', '', '101', '-1', '1e1', 'NaN', '0x5'])(
    'is unknown where the utilization is %j, never 0',
    (util) => {
      const gpus = `0, ${H100}, ${util}, [N/A], [N/A], [N/A], [N/A], [N/A], [N/A], NVIDIA A2\n`
      const [gpu] = readingOf({ gpus }).gpus
      expect(gpu).toMatchObject({ utilPercent: null, memoryUsedMib: null, temperatureC: null, powerW: null })
      expect(busiestGpu([gpu!])).toBeNull()
    },
  )

  it('says which GPU is divided by MIG', () => {
    const mig = `0, ${H100}, [N/A], 11, 81559, 31, 62.10, 700.00, Enabled, NVIDIA H100 80GB HBM3\n`
    expect(readingOf({ gpus: mig }).gpus).toMatchObject([{ isDivided: true, utilPercent: null }])
  })

  it('of an old driver, which knows nothing of MIG, is read as well', () => {
    const old = `0, ${H100}, 3, 11, 16160, 31, 62.10, 300.00, 0, Tesla V100-SXM2-16GB\n`
    expect(readingOf({ gpus: old }).gpus).toMatchObject([{ isDivided: false, name: 'Tesla V100-SXM2-16GB' }])
  })

  it('keeps the other GPUs when one is lost', () => {
    const lost = `${oneGpu}Unable to determine the device handle for GPU 0000:41:00.0: GPU is lost.\n`
    const { gpus, unreadLines } = readingOf({ gpus: lost, exit: '15 0' })
    expect([gpus.length, unreadLines]).toEqual([1, 1])
  })

  it('is ordered by GPU, and one number twice is no list', () => {
    const second = oneGpu.replace('0, ', '1, ').replace(H100, OTHER)
    expect(readingOf({ gpus: second + oneGpu }).gpus.map(({ index }) => index)).toEqual([0, 1])
    expect(parseGpus(printed({ gpus: oneGpu + oneGpu }))).toEqual({
      ok: false,
      error: { kind: 'unreadable' },
    })
  })

  it.each([
    ['missing\n', { kind: 'no-nvidia-smi' }],
    ['', { kind: 'unreadable' }],
    [printed({ gpus: 'No devices were found\n', exit: '6 6' }), { kind: 'failed', exitCode: 6 }],
    [printed({ gpus: '', exit: '0 0' }), { kind: 'unreadable' }],
    [printed({ gpus: '', exit: '137 137' }), { kind: 'timed-out' }],
    [printed({ gpus: '', exit: '143 143' }), { kind: 'timed-out' }],
    [printed().slice(0, printed().indexOf('exit')), { kind: 'unreadable' }],
    [printed().slice(0, printed().indexOf('commands')), { kind: 'unreadable' }],
  ] as const)('is a failure if it is %j', (output, error) => {
    expect(parseGpus(output)).toEqual({ ok: false, error })
  })
})

describe('the processes on GPUs', () => {
  const second = oneGpu.replace('0, ', '1, ').replace(H100, OTHER)
  const gpus = oneGpu + second

  it('are one each, with all of their GPUs and memory, the largest first', () => {
    const { processes } = readingOf({
      gpus,
      processes: `${H100}, 7, 512, python\n${H100}, 4127, 70911, [Not Found]\n${OTHER}, 4127, 70000, [Not Found]\n`,
      users: '/proc/4127 root\n',
      commands: '==> /dev/null <==\n\n==> /proc/4127/cmdline <==\ntorchrun\0train.py\0--lr\0' + '1e-4\0',
    })
    expect(processes).toEqual([
      { pid: 4127, gpus: [0, 1], memoryMib: 140_911, user: 'root', command: 'torchrun train.py --lr 1e-4' },
      { pid: 7, gpus: [0], memoryMib: 512, user: null, command: 'python' },
    ])
  })

  it('have unknown memory where a part of it is unknown, and unknown GPUs where these are not listed', () => {
    const { processes } = readingOf({
      gpus,
      processes: `${H100}, 5, [N/A], a\n${OTHER}, 5, 100, a\nMIG-1111, 6, 3, b\n`,
    })
    expect(processes).toMatchObject([
      { pid: 6, gpus: [] },
      { pid: 5, gpus: [0, 1], memoryMib: null },
    ])
  })

  it('are unknown, not none, where nvidia-smi could not list them', () => {
    expect(readingOf({ exit: '0 0' }).processes).toEqual([])
    expect(readingOf({ exit: '0 137' }).processes).toBeNull()
  })

  it('show no secret and no control character of their command lines', () => {
    const secret = 'hf_abcdefghijklmnopqrst'
    const { processes } = readingOf({
      processes: `${H100}, 9, 1, x\n`,
      commands: `==> /proc/9/cmdline <==\npython\0\u001b[2J\u202e--token=${secret}\0--api-key\0${secret}\0HF_TOKEN=${secret}`,
    })
    const command = processes?.[0]?.command ?? ''
    expect(command).toMatch(/^python /)
    expect(command).not.toContain(secret)
    expect(command).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })

  it('are bounded, and it says how many were left out', () => {
    const lines = Array.from({ length: 5_000 }, (_, index) => `${H100}, ${index + 1}, 1, p\n`).join('')
    const { processes, leftOutCount } = readingOf({ processes: lines })
    expect([processes?.length, leftOutCount]).toEqual([100, 4_900])
  })
})

it('whatever is printed, every figure shown is one that makes sense', () => {
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom('gpus', 'processes', 'exit 0 0', 'users', 'commands', oneGpu.trim(), `${H100}, 1, 2, x`),
    fc
      .array(fc.constantFrom('0', '1', H100, '-1', '55', '999999', '[N/A]', 'ERR!', 'Enabled', '\u001b[2J'), {
        maxLength: 12,
      })
      .map((fields) => fields.join(', ')),
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
      const reading = parseGpus(lines.join('\n'))
      if (!reading.ok) return
      const { gpus, processes } = reading.value
      expect(gpus.length).toBeGreaterThan(0)
      expect(new Set(gpus.map(({ index }) => index)).size).toBe(gpus.length)
      for (const { utilPercent, memoryUsedMib, name } of gpus) {
        expect(utilPercent === null || (utilPercent >= 0 && utilPercent <= 100)).toBe(true)
        expect(memoryUsedMib === null || memoryUsedMib >= 0).toBe(true)
        expect(name).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      }
      for (const { pid, command } of processes ?? []) {
        expect(pid).toBeGreaterThan(0)
        expect(command ?? '').not.toMatch(/[\p{Cc}\p{Cf}]/u)
      }
    }),
    { numRuns: 500 },
  )
})
