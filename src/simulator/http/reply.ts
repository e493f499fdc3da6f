/** An answer before it is put on the wire. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

/** Where a stream of events is written. */
export interface Sink {
  /** Whether there is room for more right away. */
  write(text: string): boolean
  onceDrained(listener: () => void): void
  end(): void
}

/** An answer that goes on; `open` returns how to stop writing. */
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

/** An error as REST v2 states it. */
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

/** What something between the client and the API says. */
export function page(status: number, heading: string): Reply {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=UTF-8' },
    body: `<!DOCTYPE html><html><head><title>${heading}</title></head><body><h1>${heading}</h1></body></html>`,
  }
}

export const noContent: Reply = { status: 204, headers: {}, body: null }

/** `reply` with more headers; its own win. */
export function withHeaders<T extends Reply | EventStream>(
  reply: T,
  headers: Readonly<Record<string, string>>,
): T {
  return { ...reply, headers: { ...headers, ...reply.headers } }
}
