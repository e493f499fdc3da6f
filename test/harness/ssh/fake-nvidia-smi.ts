import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tempFolder } from './openssh-for-test'

const uuid = (index: number): string => `GPU-${String(index).repeat(8)}-1111-2222-3333-444444444444`

interface FakeGpu {
  readonly util?: string
  readonly mig?: string
  readonly name?: string
}

/** What `nvidia-smi --query-gpu` prints of machines with H100s. */
export const smiGpus = (gpus: readonly FakeGpu[]): string =>
  gpus
    .map(
      ({ util = '0', mig = 'Disabled', name = 'NVIDIA H100 80GB HBM3' }, index) =>
        `${index}, ${uuid(index)}, ${util}, 71034, 81559, 64, 661.52, 700.00, ${mig}, ${name}\n`,
    )
    .join('')

/** What `nvidia-smi --query-compute-apps` prints of one process on each of these GPUs. */
export const smiProcesses = (pid: number | string, gpus: readonly number[], memory = '70911'): string =>
  gpus.map((index) => `${uuid(index)}, ${pid}, ${memory}, /usr/bin/python3\n`).join('')

/** An `nvidia-smi` in a folder of its own, which prints what it is given, and notes that it was asked. */
export interface FakeNvidiaSmi {
  /** For `sshd_config`: shells in which it is found first. */
  readonly config: readonly string[]
  /** From now on it prints this. */
  readonly show: (gpus: string, processes?: string) => void
  /** From now on this shell code runs before it prints. */
  readonly behave: (code: string) => void
  /** How often its GPUs were asked for so far. */
  readonly reads: () => number
}

/** In an existing folder; default: one for the test that calls this. */
export function createFakeNvidiaSmi(folder = tempFolder('smi')): FakeNvidiaSmi {
  const at = (name: string): string => join(folder, name)
  /** At once, because it may be reading. */
  const replace = (name: string, text: string): void => {
    writeFileSync(at(`${name}.new`), text)
    renameSync(at(`${name}.new`), at(name))
  }
  const show = (gpus: string, processes = ''): void => {
    // Asked for after the GPUs, so that these GPUs are never seen with the processes before.
    replace('processes', processes)
    replace('gpus', gpus)
  }
  const behave = (code: string): void => replace('behavior', `${code}\n`)
  show(smiGpus([{}]))
  behave(':')
  writeFileSync(
    at('nvidia-smi'),
    `#!/bin/sh
case "$*" in *query-gpu*) echo >> ${at('calls')}; what=gpus ;; *) what=processes ;; esac
. ${at('behavior')}
exec cat ${folder}/$what
`,
  )
  chmodSync(at('nvidia-smi'), 0o755)
  return {
    config: [
      `ForceCommand export PATH=${folder}:$PATH; [ -n "$SSH_TTY" ] && exec bash --noprofile --norc -i; exec sh`,
    ],
    show,
    behave,
    reads: () => (existsSync(at('calls')) ? readFileSync(at('calls'), 'utf8').length : 0),
  }
}
