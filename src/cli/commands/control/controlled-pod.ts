import type { ControlledAccountView, ControlledPodView } from '../../../node/control/control-requests'
import { type Control, refusalExit } from '../../account/open-control'
import type { CliOutput } from '../../output/terminal'
import { findPod } from '../find/find-pod'
import { connectionExit } from '../first-snapshot'

/** The account as it is now. Throws a `CliExit` if nothing of it is known. */
export async function readAccount(control: Control, output: CliOutput): Promise<ControlledAccountView> {
  const account = await control.requests.account()
  if (!account.ok) throw refusalExit(account.error, true)
  for (const text of control.notices()) output.progress(text)
  const { pods, connection } = account.value
  const problem = connectionExit(connection)
  if (problem && pods.length === 0) throw problem
  return account.value
}

/** A pod whose rules are asked about or changed, which needs no network once the pod is known. */
export async function findControlledPod(
  control: Control,
  podQuery: string,
  output: CliOutput,
): Promise<ControlledPodView> {
  return findPod((await readAccount(control, output)).pods, podQuery)
}
