/*
 * How a script is sent to a shell whose output may hold anything else: greetings, prompts, echoed input. The
 * output is found between two markers, which contain a random word and never appear in what is sent.
 */

export interface FramedOutput {
  readonly exitCode: number
  /** Standard output and error of the script. */
  readonly bytes: Buffer
}

/** The script with markers around its output. It reads nothing from the input, and then the shell ends. */
export function framedScript(script: string, nonce: string): string {
  if (!/^[\x20-\x7e\n]*$/.test(script)) throw new RangeError('A script has printable ASCII characters only.')
  return `n=${nonce}
printf '\\n<%s:begin>\\n' "$n"
(
${script}
) </dev/null 2>&1
printf '\\n<%s:end %d>\\n' "$n" "$?"
exit
`
}

/**
 * A line that turns an interactive shell of any kind into one that echoes nothing, edits nothing, and runs the
 * `typedLines` that follow as a whole, or not at all. It leaves nothing in the history of the shell.
 */
export function bootstrapLine(nonce: string): string {
  const start = `stty -echo -opost 2>/dev/null; e="$(printf "\\nx")"; e="\${e%x}"; s=; printf "<%s:ready>\\n" ${nonce}`
  return ` unset HISTFILE; exec sh -c '${start}; ${readLoop(nonce)}'\n`
}

/** Runs what is typed between here and the line that ends it. */
const readLoop = (nonce: string): string =>
  `while IFS= read -r l; do case "$l" in ${nonce}.) eval "$s"; exit;; ${nonce}+*) s="$s\${l#${nonce}+}$e";; esac; done`

export const readyMarker = (nonce: string): string => `<${nonce}:ready>`

/** The framed script as lines for the shell after `bootstrapLine`, which ignores all other lines. */
export const typedLines = (script: string, nonce: string): string =>
  scriptLines(framedScript(script, nonce).trimEnd(), nonce)

/** The same, after which the shell takes another script. */
export const loopingLines = (script: string, nonce: string): string =>
  scriptLines(`${framedScript(script, nonce).replace(/\nexit\n$/, '')}\ns=\n${readLoop(nonce)}`, nonce)

/** Any script as lines for the shell after `bootstrapLine`; it reads the input that follows. */
export const scriptLines = (script: string, nonce: string): string =>
  [...script.split('\n').map((line) => `${nonce}+${line}\n`), `${nonce}.\n`].join('')

/** The output after the first marker, as far as it was received; null without the marker. */
export function beginningOf(received: Buffer, nonce: string): Buffer | null {
  const marker = new RegExp(`<${nonce}:begin>\r?\n`).exec(received.toString('latin1'))
  return marker === null ? null : received.subarray(marker.index + marker[0].length)
}

/** The whole output; null until both markers were received. */
export function framedOutput(received: Buffer, nonce: string): FramedOutput | null {
  const output = beginningOf(received, nonce)
  if (output === null) return null
  const end = new RegExp(`\r?\n<${nonce}:end (\\d{1,3})>`).exec(output.toString('latin1'))
  return end === null ? null : { exitCode: Number(end[1]), bytes: output.subarray(0, end.index) }
}
