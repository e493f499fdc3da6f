import { jobVariablesSchema } from '../../../core/queue/jobs/job-codec'
import type { JobSecrets } from '../../../core/queue/queue-ports'
import { openSecrets, type SecretKeyring, type SecretsKind } from './secrets-file'
import { jobIdSchema } from '../../../core/queue/jobs/job-spec'

export type VariableKeyring = SecretKeyring

const jobVariables: SecretsKind = {
  field: 'jobs',
  id: jobIdSchema,
  values: jobVariablesSchema,
  text: {
    notSaved: 'The values of variables were not saved',
    notRemoved: 'Earlier values of variables were not removed',
    unreadable: 'The values of its variables can’t be read',
    missing: 'The values of its variables are missing. Edit the job and enter them again.',
    onlyApp:
      'The app keeps the values of its variables in the system keyring, so only the app can start this job.',
    stays: 'The values of the variables of a removed job stay',
  },
}

/** The values of the variables of jobs, in `job-variables.json`. */
export const openJobVariables = (
  path: string,
  keyring: VariableKeyring | null,
  report: (what: string, cause: unknown) => void,
): JobSecrets => openSecrets(path, jobVariables, keyring, report)
