/** A response before it is sent. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

/** Where an event stream is written. */
export interface Sink {
  /** Whether more can be written immediately. */
  write(text: string): boolean
  onceDrained(listener: () => void): void
  end(): void
  /** Breaks the connection after what was written. */
  destroy(): void
}

/** A streaming response; `open` returns a function that stops writing. */
export interface EventStream extends Omit<Reply, 'body'> {
  readonly open: (sink: Sink) => () => void
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  410: 'Gone',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
}

export function json(value: unknown, status = 200): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) }
}

/** An error in REST v2's format. */
export function problem(
  status: number,
  detail: string,
  more: { errors?: readonly string[]; headers?: Record<string, string> } = {},
): Reply {
  const { errors, headers } = more
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: JSON.stringify({ title: titles[status] ?? 'Error', status, detail, ...(errors && { errors }) }),
  }
}

/** A response from a proxy or gateway between the client and the API. */
export function page(status: number, heading: string): Reply {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=UTF-8' },
    body: `<!DOCTYPE html><html><head><title>${heading}</title></head><body><h1>${heading}</h1></body></html>`,
  }
}

export const noContent: Reply = { status: 204, headers: {}, body: null }

/** Adds headers to `reply`, whose own headers take precedence. */
export function withHeaders<T extends Reply | EventStream>(
  reply: T,
  headers: Readonly<Record<string, string>>,
): T {
  return { ...reply, headers: { ...headers, ...reply.headers } }
}
