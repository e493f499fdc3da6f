import type { IntentAction } from './intent'

/** The words of an action, as sentences about one need them. */
export const actionWords: Readonly<
  Record<
    IntentAction,
    {
      readonly noun: string
      readonly doing: string
      readonly done: string
      /** What a pod did that was seen to have done so: "trainer stopped." */
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
