import { createServer, type Server, type ServerResponse } from 'node:http'

export const BOT_TOKEN = '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw'

/** A person with the bot. */
export const ANNA = { id: 7, is_bot: false, first_name: 'Anna' }

export const BOT_NAME = 'my_podkeeper_bot'

export interface SeenPhoneMessage {
  readonly text: string
  /** What each button sends, by its label. */
  readonly buttons: Readonly<Record<string, string>>
}

function seenMessage(parameters: Record<string, unknown>): SeenPhoneMessage {
  const markup = parameters['reply_markup'] as
    | {
        readonly inline_keyboard: readonly (readonly {
          readonly text: string
          readonly callback_data?: string
        }[])[]
      }
    | undefined
  const keys = markup?.inline_keyboard.flat() ?? []
  return {
    // A word joiner keeps names from being links.
    text: String(parameters['text']).replaceAll('\u2060', ''),
    buttons: Object.fromEntries(
      keys.flatMap(({ text, callback_data }) => (callback_data === undefined ? [] : [[text, callback_data]])),
    ),
  }
}

interface Waiting {
  readonly response: ServerResponse
  readonly timer: NodeJS.Timeout
}

/**
 * The Bot API at 127.0.0.1, as its document describes it: updates wait until an offset above their number confirms
 * them, a second poll ends the first one with 409, and errors are JSON with a code and a description. It ends with the
 * test, unless `listen` starts it.
 */
export async function startTelegram(listen?: (server: Server) => Promise<number>) {
  const updates: { readonly update_id: number }[] = []
  let nextNumber = 1_000
  let poll: Waiting | null = null
  const telegram = {
    origin: '',
    /** Each method with its parameters, in order. */
    calls: [] as { readonly method: string; readonly parameters: Record<string, unknown> }[],
    /** The next answer to this method is lost on its way, after it took effect. */
    dropsReplyTo: null as string | null,
    /** The next call is refused for so long, s. */
    floodS: null as number | null,
    /** What stands between here and the API answers instead. */
    middlebox: null as string | null,
    receive(update: object): number {
      const number = (nextNumber += 1)
      updates.push({ update_id: number, ...update })
      if (poll !== null) answerPoll(poll)
      return number
    },
    /** Whether somebody waits for updates. */
    isPolled: () => poll !== null,
    /** The poll that waits is answered, without updates. */
    endPoll: () => void (poll !== null && answerPoll(poll)),
    /** Messages that arrived, oldest first, with the data of their buttons by label. */
    messages: () =>
      telegram.calls
        .filter(({ method }) => method === 'sendMessage')
        .map(({ parameters }) => seenMessage(parameters)),
    /** Somebody writes to the bot in private. */
    write: (text: string, from: object = ANNA): number =>
      telegram.receive({
        message: { message_id: 6, from, chat: { id: (from as { id: number }).id, type: 'private' }, text },
      }),
    unconfirmed: (): readonly number[] => updates.map(({ update_id }) => update_id),
  }

  function reply(response: ServerResponse, status: number, body: object): void {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  const refuse = (response: ServerResponse, code: number, description: string, parameters?: object): void =>
    reply(response, code, { ok: false, error_code: code, description, ...(parameters && { parameters }) })

  function answerPoll({ response, timer }: Waiting): void {
    clearTimeout(timer)
    poll = null
    if (telegram.dropsReplyTo === 'getUpdates') {
      telegram.dropsReplyTo = null
      response.destroy()
    } else reply(response, 200, { ok: true, result: updates.slice(0, 100) })
  }

  function getUpdates(response: ServerResponse, parameters: Record<string, unknown>): void {
    const offset = Number(parameters['offset'] ?? 0)
    updates.splice(0, updates.filter(({ update_id }) => update_id < offset).length)
    if (poll !== null) {
      clearTimeout(poll.timer)
      refuse(poll.response, 409, 'Conflict: terminated by other getUpdates request')
    }
    const own: Waiting = {
      response,
      timer: setTimeout(() => answerPoll(own), Number(parameters['timeout'] ?? 0) * 1_000),
    }
    poll = own
    response.on('close', () => {
      clearTimeout(own.timer)
      if (poll === own) poll = null
    })
    if (updates.length > 0) answerPoll(own)
  }

  const resultOf = (method: string): unknown => {
    if (method === 'getMe') return { id: 1, is_bot: true, first_name: 'Podkeeper', username: BOT_NAME }
    if (method === 'sendMessage') return { message_id: telegram.calls.length, date: 1 }
    return true
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const [, token, method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? '') ?? []
      if (telegram.middlebox !== null) return void response.writeHead(200).end(telegram.middlebox)
      if (token === undefined) return refuse(response, 404, 'Not Found')
      if (token !== BOT_TOKEN) return refuse(response, 401, 'Unauthorized')
      const parameters = JSON.parse(Buffer.concat(chunks).toString() || '{}') as Record<string, unknown>
      telegram.calls.push({ method, parameters })
      const { floodS } = telegram
      telegram.floodS = null
      if (floodS !== null)
        return refuse(response, 429, `Too Many Requests: retry after ${floodS}`, { retry_after: floodS })
      if (method === 'getUpdates') return getUpdates(response, parameters)
      if (method === 'sendMessage' && String(parameters['text']).length > 4_096)
        return refuse(response, 400, 'Bad Request: message is too long')
      if (telegram.dropsReplyTo === method) {
        telegram.dropsReplyTo = null
        return void response.destroy()
      }
      return reply(response, 200, { ok: true, result: resultOf(method) })
    })
  })
  // Scenes of pages run outside of any test, where vitest can't be loaded.
  const start = listen ?? (await import('../http/listening')).listening
  telegram.origin = `http://127.0.0.1:${await start(server)}`
  return telegram
}
