import type { JobDraft } from '../../../src/shared/requests/queue-requests'
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

/** The draft of a new job, or of an edit that changes nothing but the spec. */
export const draftOf = ({
  variableNames: _names,
  files: _files,
  resultsFolder: _folder,
  ...spec
}: JobSpec): JobDraft => {
  return { spec, variablesId: null, filesId: null, resultsFolderId: null, isHeld: false }
}
