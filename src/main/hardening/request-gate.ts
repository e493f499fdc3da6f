import * as v from 'valibot'
import { fail, ok, type Result } from '../../core/base/result'
import type { ConfirmationRequestName, ConfirmationRequests } from '../../shared/confirmation'
import type { RequestError } from '../../shared/ipc'
import type { WindowRate } from '../../shared/operations/operation'
import { windowAccess, windowOperationNames } from '../../shared/operations/operations'
import { requestSchemas } from '../../shared/request-schemas'
import { CONFIRM_PAGE, isAppUrl, pageUrl } from './app-pages'
import { gateText } from './hardening-text'
import { createTokenBucket, type RateLimit, type TokenBucket } from '../../core/base/time/token-bucket'
import { tooManyRequestsText } from '../../core/base/text/error-text'

/** The result for a value that is not plain data. */
export const NOT_PLAIN = Number.POSITIVE_INFINITY

/** No valid message is nested more deeply. */
const MAX_DEPTH = 20
/** Property names that reach the prototype shared by all objects. */
const PROTOTYPE_KEYS = ['__proto__', 'constructor', 'prototype']

/**
 * The approximate size of a value in bytes; above `maxBytes` it stops early. `NOT_PLAIN` for anything but
 * JSON and `undefined`: dates, maps, buffers, cycles, non-JSON numbers, and objects with keys that reach a
 * prototype.
 */
export function plainDataSize(value: unknown, maxBytes: number, depth = 0): number {
  if (depth > MAX_DEPTH) return NOT_PLAIN
  switch (typeof value) {
    case 'undefined':
    case 'boolean':
      return 5
    case 'number':
      return Number.isFinite(value) ? 8 : NOT_PLAIN
    case 'string':
      return 2 + value.length * 2
    case 'object':
      return value === null ? 4 : sizeOfObject(value, maxBytes, depth)
    default:
      return NOT_PLAIN
  }
}

function sizeOfObject(value: object, maxBytes: number, depth: number): number {
  if (!isPlain(value)) return NOT_PLAIN
  const isList = Array.isArray(value)
  // A sparse array can claim any length without content.
  let bytes = 2 + (isList ? value.length : 0)
  for (const [name, part] of Object.entries(value)) {
    if (PROTOTYPE_KEYS.includes(name)) return NOT_PLAIN
    bytes += (isList ? 0 : name.length * 2 + 4) + plainDataSize(part, maxBytes, depth + 1)
    if (bytes > maxBytes) return bytes
  }
  return bytes
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return Array.isArray(value) || prototype === Object.prototype || prototype === null
}

/** The sender of a request, as Electron reports it. */
export interface Sender {
  /** The frame's address; null when the frame no longer exists. */
  readonly url: string | null
  readonly isTopFrame: boolean
  /** Whether the frame belongs to a window that the app created. */
  readonly isInAppWindow: boolean
}

/** Well above any valid request but those with a pod's arguments. */
const MAX_BYTES = 64 * 1024
/** Arguments that fill the body of a request, twice, at two bytes per character. */
const MAX_POD_BYTES = 512 * 1024

const RATES: { readonly [K in WindowRate]: RateLimit } = {
  reading: { burst: 100, perSecond: 20 },
  default: { burst: 40, perSecond: 5 },
  /** Acts on pods: enough for clicking through a long list, not for a loop. */
  acting: { burst: 30, perSecond: 1 },
  /** Takes back what was asked for. It must always work. */
  undoing: { burst: 1_000, perSecond: 50 },
  /** Acts on up to 200 pods each. */
  bulk: { burst: 10, perSecond: 0.2 },
  /** Spends money. A page that is not ours any more could start every pod of the account. */
  starting: { burst: 20, perSecond: 0.1 },
  /** Reads what there is to choose from, which is kept for a minute unless it is asked for anew. */
  choosing: { burst: 20, perSecond: 0.5 },
  /** Uses the network or another program. */
  external: { burst: 5, perSecond: 0.5 },
  /** Sends about eight requests to the API, and more while figures are measured. */
  checking: { burst: 5, perSecond: 0.1 },
  /** Enough for key repeat, mouse reports and long pastes in parts. */
  typing: { burst: 1_000, perSecond: 500 },
  /** Enough for resizing a window by dragging, once per frame. */
  resizing: { burst: 200, perSecond: 100 },
  /** Draws a terminal anew with its scrollback, which takes a tenth of a second. */
  attaching: { burst: 40, perSecond: 4 },
  /** Sends two requests to the API. */
  following: { burst: 20, perSecond: 0.5 },
  /** One reading every two seconds for each place that shows GPUs. */
  watching: { burst: 20, perSecond: 2 },
  /** Someone who goes through folders quickly. */
  browsing: { burst: 60, perSecond: 10 },
  /** Acknowledgements of 32 KB of output each. Rejecting one would stall the pod's output. */
  flowing: { burst: 4_000, perSecond: 2_000 },
}

/** What one kind of window may request. */
export interface GateRules {
  readonly schemas: Readonly<Record<string, v.GenericSchema<unknown, unknown[]>>>
  /** Rates that differ from the default, by request. */
  readonly rates: Readonly<Record<string, RateLimit>>
  /** The most bytes, where they differ from the default, by request. */
  readonly sizes?: Readonly<Record<string, number>>
  /** The request whose rate this one shares; by default its own. */
  readonly sharedRate?: (name: string, args: readonly unknown[]) => string
  /** Whether a page at this address may send requests. */
  readonly isAllowedPage: (url: string) => boolean
}

/** The rules of the main window and the popover, as the table of operations has them. */
const appWindowRules: GateRules = {
  schemas: requestSchemas,
  rates: Object.fromEntries(
    windowOperationNames.map((name) => [name, RATES[windowAccess(name).rate ?? 'default']]),
  ),
  sizes: Object.fromEntries(
    windowOperationNames
      .filter((name) => windowAccess(name).isLong === true)
      .map((name) => [name, MAX_POD_BYTES]),
  ),
  sharedRate: (name, args) => (name === 'act' && args[1] === 'start' ? 'startWhenFree' : name),
  isAllowedPage: isAppUrl,
}

const token = v.pipe(v.string(), v.minLength(1), v.maxLength(100))

/** The rules of the confirmation window. */
export const confirmationRules: GateRules = {
  schemas: {
    confirmation: v.tuple([]),
    answerConfirmation: v.tuple([token, v.nullable(v.pipe(v.string(), v.maxLength(1_000)))]),
  } satisfies {
    [K in ConfirmationRequestName]: v.GenericSchema<unknown, Parameters<ConfirmationRequests[K]>>
  },
  rates: { confirmation: RATES.reading },
  isAllowedPage: (url) => url === pageUrl(CONFIRM_PAGE),
}

export interface RequestGate {
  /**
   * Returns the arguments for the handler, or why it doesn't get them, as a sentence. A request above its rate is
   * rejected and never queued: a delayed action would be based on outdated information.
   */
  admit(name: string, sender: Sender, args: readonly unknown[]): Result<readonly unknown[], string>
  /** Runs a request that is admitted. All results pass here on their way to windows. */
  answer(
    name: string,
    sender: Sender,
    args: readonly unknown[],
    run: (admitted: readonly unknown[]) => RequestResult | Promise<RequestResult>,
  ): Promise<Result<unknown, RequestError>>
}

/** The result of a handler. An error is a sentence. */
export type RequestResult = Result<unknown, string>

/** Validates requests before they reach the handlers. `nowMs` is a monotonic clock. */
export function createRequestGate(nowMs: () => number, rules = appWindowRules): RequestGate {
  const buckets = new Map<string, TokenBucket>()

  function bucketOf(name: string): TokenBucket {
    const bucket = buckets.get(name) ?? createTokenBucket(rules.rates[name] ?? RATES.default)
    buckets.set(name, bucket)
    return bucket
  }

  const admit: RequestGate['admit'] = (name, sender, args) => {
    if (!isTrusted(sender, rules)) return fail(gateText.foreignPage)
    const schema = Object.hasOwn(rules.schemas, name) ? rules.schemas[name] : undefined
    if (schema === undefined) return fail(gateText.unknownRequest)
    const maxBytes = rules.sizes?.[name] ?? MAX_BYTES
    const bytes = plainDataSize(args, maxBytes)
    if (bytes !== NOT_PLAIN && bytes > maxBytes) return fail(gateText.tooLarge(name))
    const parsed = bytes === NOT_PLAIN ? null : v.safeParse(schema, args)
    if (!parsed?.success || parsed.output.length !== args.length) return fail(gateText.invalid(name))
    // Checked last, so that foreign or invalid requests do not use up the user's rate.
    const rateName = rules.sharedRate?.(name, parsed.output) ?? name
    return bucketOf(rateName).take(nowMs()) ? ok(parsed.output) : fail(tooManyRequestsText)
  }

  return {
    admit,
    async answer(name, sender, args, run) {
      const admitted = admit(name, sender, args)
      const result = admitted.ok ? await run(admitted.value) : admitted
      return result.ok ? result : fail({ message: result.error })
    },
  }
}

function isTrusted({ url, isTopFrame, isInAppWindow }: Sender, { isAllowedPage }: GateRules): boolean {
  return url !== null && isAllowedPage(url) && isTopFrame && isInAppWindow
}
