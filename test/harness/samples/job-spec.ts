import { DEFAULT_MAX_SECONDS, type JobSpec } from '../../../src/core/queue/jobs/job-spec'

/** A job for any pod with a GPU. */
export function jobSpec(overrides: Partial<JobSpec> = {}): JobSpec {
  return {
    name: 'train-1',
    command: '60 0',
    workingDirectory: null,
    variableNames: [],
    files: [],
    resultGlobs: [],
    resultsFolder: null,
    needs: { gpuType: null, gpuCount: 1, gpuMemoryGb: null, label: null, accountId: null },
    sharesPod: false,
    priority: 'normal',
    estimatedSeconds: null,
    maxSeconds: DEFAULT_MAX_SECONDS,
    retries: 0,
    dependsOn: [],
    afterSuccess: 'keep',
    ...overrides,
  }
}
