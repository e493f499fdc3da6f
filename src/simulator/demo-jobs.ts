import { DEFAULT_MAX_SECONDS, type JobSpec } from '../core/queue/jobs/job-spec'

/** A job of the demo. It really runs, in a simulated pod. */
export interface DemoJob {
  readonly spec: JobSpec
  /** The pod where it is started as soon as that can be reached. Null: it waits. */
  readonly startsOn: string | null
}

const anyPod: JobSpec['needs'] = {
  gpuType: null,
  gpuCount: 1,
  gpuMemoryGb: null,
  label: null,
  accountId: null,
}

function job(name: string, command: string, given: Partial<JobSpec> = {}): JobSpec {
  return {
    name,
    command,
    workingDirectory: null,
    variableNames: [],
    files: [],
    resultGlobs: [],
    resultsFolder: null,
    needs: anyPod,
    sharesPod: false,
    priority: 'normal',
    estimatedSeconds: null,
    maxSeconds: DEFAULT_MAX_SECONDS,
    retries: 0,
    dependsOn: [],
    afterSuccess: 'keep',
    ...given,
  }
}

const chain = (number: number): JobSpec =>
  job(
    `planck-chain-${number}`,
    `python chain.py --steps 20 --seed ${number}\necho converged > chain-${number}.txt`,
    { needs: { ...anyPod, gpuMemoryGb: 80 }, resultGlobs: ['chain-*.txt'] },
  )

/**
 * The queue of the demo: within two minutes of the start one job passed, one failed and one runs; three wait. None
 * starts on the pod that sits idle as the demo opens.
 */
export const demoJobs: readonly DemoJob[] = [
  {
    startsOn: 'llama-70b-sft',
    spec: job('sft-epoch-3', 'python train.py --epoch 3 --steps 400', {
      needs: { ...anyPod, gpuType: 'H100', gpuCount: 4 },
      estimatedSeconds: 630,
    }),
  },
  { startsOn: 'eval-sweep-b', spec: chain(12) },
  {
    startsOn: 'comfy-scratch',
    spec: job('sdxl-lora-06', 'python lora.py --batch-size 64', { needs: { ...anyPod, gpuMemoryGb: 24 } }),
  },
  { startsOn: null, spec: chain(13) },
  {
    startsOn: null,
    spec: job('sdxl-lora-07', 'python lora.py --batch-size 16', {
      needs: { ...anyPod, gpuMemoryGb: 24 },
      estimatedSeconds: 160,
    }),
  },
  {
    startsOn: null,
    spec: job('eval-mmlu-b', 'python eval.py --steps 60', {
      needs: { ...anyPod, gpuType: 'A100', gpuCount: 2 },
      estimatedSeconds: 95,
    }),
  },
]
