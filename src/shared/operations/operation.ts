/*
 * The table of operations: what windows, commands and tokens of the Pods API may ask for. A row says who may ask, what
 * it can cause and what a person is asked first. It has no schemas, so that windows start without them: those of
 * arguments stand beside the requests, by the same names.
 */

/** What an operation can cause. */
export type Cause =
  /** Shows what Podkeeper knows, or reads it anew from a provider, a pod or this computer. */
  | 'reads'
  /** Changes settings, rules, what waits to be sent, or what windows show. */
  | 'changes-here'
  /** Reads or writes files of the person, outside of the data folder. */
  | 'uses-files'
  /** Changes something at a provider that costs and loses nothing, such as a name. */
  | 'changes-there'
  /** Starts what costs money. */
  | 'spends'
  /** Stops what runs on a pod, now or by a rule. */
  | 'stops'
  /** Runs code on a pod, or changes its files. */
  | 'runs-on-pod'
  /** Sends something to anybody but a provider, such as an address to the browser or a message to a channel. */
  | 'leaves-computer'
  /** Decides who gets a key, access or trust. */
  | 'grants-access'
  /** Loses data for good, or allows that. */
  | 'destroys'

/** Where a person is asked: by main in a window of its own or a dialog of the system, or by the command itself. */
export type AskedIn = 'own-window' | 'system-dialog' | 'command-line'

/** Causes that don't come about unless a person agreed. All others may come about unasked. */
export type Asks<In extends AskedIn = AskedIn> = { readonly [C in Cause]?: In }

/** The limits stand in the gate. */
export type WindowRate =
  | 'acting'
  | 'attaching'
  | 'browsing'
  | 'bulk'
  | 'checking'
  | 'choosing'
  | 'default'
  | 'external'
  | 'flowing'
  | 'following'
  | 'reading'
  | 'resizing'
  | 'starting'
  | 'typing'
  | 'undoing'
  | 'watching'

export interface WindowAccess {
  readonly asks?: Asks<'own-window' | 'system-dialog'>
  /** How often; by default `default`. */
  readonly rate?: WindowRate
  /** Its arguments can be those of a pod, which are long. */
  readonly isLong?: boolean
}

/** Over the control socket: see docs/decisions/0020-control-socket.md. */
export interface SocketAccess {
  /** `token`: the Pods API and agents ask it in the name of a token. */
  readonly by: readonly ('command' | 'token')[]
  /** Whether it is about an account, or about the data folder, whichever account is connected. */
  readonly about: 'account' | 'folder'
  /** What a command asks, at its own terminal. A token is bound by its scopes and limits instead. */
  readonly asks?: Asks
  /** By default `acting`. */
  readonly rate?: 'acting' | 'reading' | 'recording' | 'unlimited'
  /** It takes as long as a transfer or a pod does. */
  readonly isSlow?: boolean
}

export interface Operation {
  readonly cause: readonly Cause[]
  readonly window?: WindowAccess
  readonly socket?: SocketAccess
}

/** A row of what only windows may ask for. */
export interface WindowOperation extends Operation {
  readonly window: WindowAccess
  readonly socket?: undefined
}

export interface SocketOperation extends Operation {
  readonly socket: SocketAccess
}
