import { errorText } from '../../../core/base/text/error-text'
import type { Result } from '../../../core/base/result'
import { type Control, openControl } from '../../account/open-control'
import type { GlobalOptions } from '../../program/command-types'
import type { CliContext } from './cli-context'
import { activityText } from './cli-text'

/**
 * Writes what was done to the activity log, through the program that acts on the folder if there is one. It was done
 * whether or not that works, so a problem is only said.
 */
export async function recordActivity(
  context: CliContext,
  options: GlobalOptions,
  record: (requests: Control['requests']) => Promise<Result<unknown, { readonly message: string }>>,
): Promise<void> {
  try {
    const control = await openControl(context.controlOptions(options, { problems: [] }, false), null)
    const recorded = await record(control.requests)
    control.close()
    if (!recorded.ok) context.output.progress(activityText.notRecorded(recorded.error.message))
  } catch (cause) {
    context.output.progress(activityText.notRecorded(errorText(cause)))
  }
}
