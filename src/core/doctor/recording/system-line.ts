const LAYER = /^([0-9a-f]{8,64})(:?) (.+)$/
const LAYER_STATE =
  /^(?:pull complete|already exists|download complete|verifying checksum|extracting|pulling fs layer|waiting)\b/i
const AMOUNTS = /([\d.]{1,12} ?[kKMG]?B) ?\/ ?([\d.]{1,12} ?[kKMG]?B) ?$/

/** What the host says of a pod's start, without names. The forms are those that `core/logs/system-log` reads. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/^error creating container: image pull\b/i, 'error creating container: image pull:'],
  [/\bmanifest unknown\b/i, 'error pulling image: manifest unknown'],
  [/\bpull access denied\b/i, 'error pulling image: pull access denied'],
  [/\btoomanyrequests\b/i, 'error pulling image: toomanyrequests'],
  [/\bno such image\b/i, 'error pulling image: no such image'],
  [/^(?:error|failed|unable) (?:to )?pull(?:ing)? (?:the )?image\b/i, 'error pulling image:'],
  [
    /^(?:error|failed|unable) (?:to )?(?:creat|start|run)\w* (?:the )?container\b/i,
    'error starting container:',
  ],
  [/^create container: still fetching image\b/i, 'create container: still fetching image'],
  [/^create container\b/i, 'create container'],
  [/^start container\b/i, 'start container'],
  [/^stop container\b/i, 'stop container'],
  [/^remove container\b/i, 'remove container'],
  [/^status: downloaded\b/i, 'Status: Downloaded newer image for'],
  [/^status: image is up to date\b/i, 'Status: Image is up to date for'],
  [/^(?:pulling image|pending image pull|image pull)\b/i, 'pulling image'],
  [/\bpulling from\b/i, 'Pulling from'],
]

/**
 * What stays of a line of a system log: which step it tells of, and amounts of data. Null: nothing of it is known.
 * `layer` numbers the layers of an image by their ids, `rest` gives the stand-in for everything else.
 */
export function redactSystemLine(
  text: string,
  layer: (id: string) => number,
  rest: () => string,
): string | null {
  const [, id, colon, what = ''] = LAYER.exec(text.trim()) ?? []
  if (id !== undefined) {
    const name = `${layer(id).toString(16).padStart(12, '0')}${colon}`
    const [state] = LAYER_STATE.exec(what) ?? []
    if (state !== undefined) return `${name} ${state}`
    const [, done, total] = /^downloading\b/i.test(what) ? (AMOUNTS.exec(what) ?? []) : []
    return done === undefined ? null : `${name} Downloading ${done}/${total}`
  }
  const phrase = PHRASES.find(([pattern]) => pattern.test(text.trim()))?.[1]
  return phrase === undefined ? null : `${phrase} ${rest()}`
}
