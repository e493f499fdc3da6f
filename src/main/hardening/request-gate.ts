import * as v from 'valibot'
import { fail, ok, type Result } from '../../core/base/result'
import type { ConfirmationRequestName, ConfirmationRequests } from '../../shared/confirmation'
import { type RequestError, type RequestName, requestSchemas } from '../../shared/ipc'
import { CONFIRM_PAGE, isAppUrl, pageUrl } from './app-pages'
import { NOT_PLAIN, plainDataSize } from './plain-data-size'
import { createTokenBucket, type Rate, type TokenBucket } from './token-bucket'

/** Who asks, as far as it is told from the outside. */
export interface Sender {
  /** The frame's address; null when the frame is gone already. */
  readonly url: string | null
  readonly isTopFrame: boolean
  /** Whether the frame belongs to a window that the app made itself. */
  readonly isInAppWindow: boolean
}

/** Far more than any request of the contract needs. */
const MAX_BYTES = 64 * 1024

const READING: Rate = { burst: 100, perSecond: 20 }
const DEFAULT_RATE: Rate = { burst: 40, perSecond: 5 }
/** Acts on pods: a hand that clicks through a long list fits in, a loop does not. */
const ACTING: Rate = { burst: 30, perSecond: 1 }
/** Goes to the network or to another program. */
const EXTERNAL: Rate = { burst: 5, perSecond: 0.5 }

/** Keys that repeat, a mouse that a program follows, a long paste in parts. */
const TYPING: Rate = { burst: 1_000, perSecond: 500 }
/** A window that is dragged, once a frame. */
const RESIZING: Rate = { burst: 200, perSecond: 100 }
/** Each 64 KB of output at more than any terminal can read. One that is refused would hold up the pod. */
const FLOWING: Rate = { burst: 4_000, perSecond: 2_000 }

/** What one kind of window may ask. */
export interface GateRules {
  readonly schemas: Readonly<Record<string, v.GenericSchema<unknown, unknown[]>>>
  /** Of requests that are asked for otherwise than usually. */
  readonly rates: Readonly<Record<string, Rate>>
  /** Whether a page at this address may ask it. */
  readonly isAllowedPage: (url: string) => boolean
}

const RATES: { readonly [K in RequestName]?: Rate } = {
  snapshot: READING,
  history: READING,
  // Not `undo`: a way back is never short.
  act: ACTING,
  askTerminate: ACTING,
  startWhenFree: ACTING,
  sendTestNotification: EXTERNAL,
  activity: READING,
  pasteKey: EXTERNAL,
  startDemo: EXTERNAL,
  disconnect: EXTERNAL,
  openPage: EXTERNAL,
  openTerminal: ACTING,
  typeInTerminal: TYPING,
  resizeTerminal: RESIZING,
  ackTerminal: FLOWING,
  attachTerminal: READING,
  detachTerminal: READING,
  openTerminalLink: EXTERNAL,
  copyFromTerminal: EXTERNAL,
  makeSshKey: EXTERNAL,
  registerSshKey: EXTERNAL,
  sshKeys: EXTERNAL,
}

/** The contract of the app's windows. */
const appWindowRules: GateRules = { schemas: requestSchemas, rates: RATES, isAllowedPage: isAppUrl }

const token = v.pipe(v.string(), v.minLength(1), v.maxLength(100))

/** What the window of a confirmation may ask, and no other page. */
export const confirmationRules: GateRules = {
  schemas: {
    confirmation: v.tuple([]),
    answerConfirmation: v.tuple([token, v.nullable(v.pipe(v.string(), v.maxLength(1_000)))]),
  } satisfies {
    [K in ConfirmationRequestName]: v.GenericSchema<unknown, Parameters<ConfirmationRequests[K]>>
  },
  rates: { confirmation: READING },
  isAllowedPage: (url) => url === pageUrl(CONFIRM_PAGE),
}

export interface RequestGate {
  /**
   * The arguments to call the handler with, or what to answer instead. A request that comes too often is refused
   * and forgotten, never queued: what acts late acts on what is no longer seen.
   */
  admit(name: string, sender: Sender, args: readonly unknown[]): Result<readonly unknown[], RequestError>
}

/** What stands between a window and the handlers; `nowMs` is a monotonic clock. */
export function createRequestGate(nowMs: () => number, rules = appWindowRules): RequestGate {
  const buckets = new Map<string, TokenBucket>()

  function bucketOf(name: string): TokenBucket {
    const bucket = buckets.get(name) ?? createTokenBucket(rules.rates[name] ?? DEFAULT_RATE)
    buckets.set(name, bucket)
    return bucket
  }

  return {
    admit(name, sender, args) {
      if (!isTrusted(sender, rules)) return fail({ message: 'This page may not ask that.' })
      const schema = Object.hasOwn(rules.schemas, name) ? rules.schemas[name] : undefined
      if (schema === undefined) return fail({ message: 'Podkeeper knows no such request.' })
      const bytes = plainDataSize(args, MAX_BYTES)
      if (bytes !== NOT_PLAIN && bytes > MAX_BYTES)
        return fail({ message: `Podkeeper's window sent too much with ${name}.` })
      const parsed = bytes === NOT_PLAIN ? null : v.safeParse(schema, args)
      if (!parsed?.success || parsed.output.length !== args.length)
        return fail({ message: `Podkeeper's window asked for ${name} in a way that makes no sense.` })
      // Last, so that neither strangers nor nonsense use up what a person may ask.
      if (!bucketOf(name).take(nowMs()))
        return fail({ message: 'That was asked too often, so nothing was done. Try again in a few seconds.' })
      return ok(parsed.output)
    },
  }
}

function isTrusted({ url, isTopFrame, isInAppWindow }: Sender, { isAllowedPage }: GateRules): boolean {
  return url !== null && isAllowedPage(url) && isTopFrame && isInAppWindow
}
