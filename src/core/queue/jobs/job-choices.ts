import { experimentPriorities } from '../../pods/provider'

/* They are apart from the schemas, which neither windows nor commands start with. */

/** The most urgent first, as Hubify names them. */
export const jobPriorities = experimentPriorities
export type JobPriority = (typeof jobPriorities)[number]

export const afterSuccessChoices = ['keep', 'stop', 'next'] as const
/** What becomes of the pod once the job passed. `next`: the next job that fits runs there. */
export type AfterSuccess = (typeof afterSuccessChoices)[number]
