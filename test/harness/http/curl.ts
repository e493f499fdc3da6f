import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Whether this computer has curl and a shell. */
export const hasCurl = spawnSync('sh', ['-c', 'curl --version']).status === 0

export interface CurlReply {
  readonly status: number
  readonly contentType: string
  readonly text: string
}

export type RunCurl = (command: string, token: string) => Promise<CurlReply>

/** Runs a command line of a document in a shell, unmodified. What it prints is set by a file that curl reads itself. */
export const runCurl: RunCurl = async (command, token) => {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-curl-'))
  try {
    const marker = '\n--reply-ends--'
    writeFileSync(
      join(folder, '.curlrc'),
      `silent\nshow-error\nwrite-out = "\\n--reply-ends--%{http_code} %{content_type}"\n`,
    )
    const { PATH = '' } = process.env
    const env = { PATH, CURL_HOME: folder, HOME: folder, HUBIFY_TOKEN: token }
    const printed = await new Promise<string>((resolve, reject) => {
      execFile('sh', ['-c', command], { env }, (error, stdout, stderr) =>
        error === null ? resolve(stdout) : reject(new Error(stderr)),
      )
    })
    const end = printed.lastIndexOf(marker)
    const [status = '', ...contentType] = printed.slice(end + marker.length).split(' ')
    return { status: Number(status), contentType: contentType.join(' '), text: printed.slice(0, end) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Sends the request of a command line without curl: only the options that the documents use. */
export const sendParsedCurl: RunCurl = async (command, token) => {
  const words = [...command.matchAll(/"([^"]*)"|'([^']*)'|[^\s\\]+/g)].map(([word, double, single]) =>
    (double ?? single ?? word).replaceAll('$HUBIFY_TOKEN', token),
  )
  const after = (option: string): readonly string[] =>
    words.flatMap((word, index) => (word === option ? [words[index + 1] ?? ''] : []))
  const [body] = after('-d')
  const headers = after('-H').map((header) => header.split(/: (.*)/).slice(0, 2) as [string, string])
  const response = await fetch(words.find((word) => word.startsWith('http')) ?? '', {
    method: after('-X')[0] ?? (body === undefined ? 'GET' : 'POST'),
    headers,
    ...(body !== undefined && { body }),
  })
  const contentType = response.headers.get('content-type') ?? ''
  return { status: response.status, contentType, text: await response.text() }
}
