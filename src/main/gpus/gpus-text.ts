import type { GpuProblem } from '../../core/gpus/gpu-probe'

export const gpusText = {
  /** `reason`: a clause. */
  notRead: (pod: string, reason: string) => `The GPUs of ${pod} couldn’t be read: ${reason}.`,
  needsDirect: 'it has no direct SSH connection, which needs its port 22/tcp',
  notRunning: 'it isn’t running',
  restarted: 'it was restarted',
  tooMany: 'too many pods are shown at a time',
  noTerminal: 'no terminal is connected to it',
  problem(problem: GpuProblem): string {
    switch (problem.kind) {
      case 'no-nvidia-smi':
        return 'it has no nvidia-smi'
      case 'timed-out':
        return 'nvidia-smi didn’t answer in time'
      case 'failed':
        return `nvidia-smi failed with exit code ${problem.exitCode}`
      case 'unreadable':
        return 'what nvidia-smi printed isn’t a list of GPUs'
    }
  },
} as const
