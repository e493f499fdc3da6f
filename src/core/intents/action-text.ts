import type { IntentAction } from './intent'

/** Verb forms of the actions, for sentences. */
export const actionText: Readonly<
  Record<
    IntentAction,
    {
      readonly noun: string
      readonly doing: string
      readonly done: string
      /** For a pod in which the action was observed: "trainer stopped." */
      readonly past: string
      readonly notDone: string
    }
  >
> = {
  start: { noun: 'Start', doing: 'Starting', done: 'Started', past: 'runs', notDone: 'Not started' },
  stop: { noun: 'Stop', doing: 'Stopping', done: 'Stopped', past: 'stopped', notDone: 'Not stopped' },
  restart: {
    noun: 'Restart',
    doing: 'Restarting',
    done: 'Restarted',
    past: 'restarted',
    notDone: 'Not restarted',
  },
  terminate: {
    noun: 'Terminate',
    doing: 'Terminating',
    done: 'Terminated',
    past: 'is terminated',
    notDone: 'Not terminated',
  },
}

export const tooLateText = 'Too late to undo: it was already sent.'

/** What is said of an action that was sent and not observed by its deadline. A stop may only be slow. */
export const unconfirmedText = (action: IntentAction): string =>
  action === 'stop' ? 'is not confirmed yet' : 'did not happen'
