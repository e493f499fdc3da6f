import {
  type FieldRule,
  fields,
  form,
  keepFlag,
  keepNumber,
  keepTime,
  list,
  money,
  refusal,
  standIn,
  words,
} from './field-rule'

/** The words that ids and names of GPU types are made of. */
const KNOWN = new Set(
  'NVIDIA AMD Intel GeForce RTX PRO Ada Generation Blackwell Server Workstation Max Q Edition Tesla Quadro Instinct Radeon OAM PCIe NVL SXM GPU'.split(
    ' ',
  ),
)
/** Such as "A100", "80GB", "HBM3e", "SXM4", "MI300X", "4090". */
const MODEL = /^(?:[A-Z]{0,2}\d{1,4}[A-Z]?|\d{1,3}GB|HBM\dE?|SXM\d|Ti)$/i

/** Whether a text is the id or name of a GPU type and nothing else. */
const isGpuType = (text: string): boolean =>
  text.length <= 60 && text.split(/[ -]/).every((word) => KNOWN.has(word) || MODEL.test(word))

/*
 * The fields of Runpod's replies as its document and its clients describe them, and what of each stays in a recording.
 * They are also what the doctor compares with to find fields that it never saw.
 */

const portSpec = form(/^\d{1,5}\/(?:tcp|udp|http)$/, 'port')
const dataCenter = form(/^[A-Z]{2,3}(?:-[A-Z]{2,3})?-\d{1,2}$/)
const gpuType: FieldRule = { kind: 'word', isWord: isGpuType, called: 'word' }
const cpuType = form(/^cpu\d[a-z]{0,2}$/)
const mountPath = words(['/workspace', '/runpod-volume'], 'path')
const cudaVersion = form(/^\d{1,2}\.\d{1,2}$/)
const stock = words(['NONE', 'LOW', 'MEDIUM', 'HIGH'])
const util = fields({ util: keepNumber })

const endpoint = fields({
  host: words(['ssh.runpod.io'], 'host'),
  port: standIn('port'),
  username: words(['root'], 'user'),
  command: standIn('text'),
})

/** What a running pod's `runtime` can have. */
export const runtimeFields: Readonly<Record<string, FieldRule>> = {
  uptime: keepNumber,
  gpus: list(fields({ util: keepNumber, memoryUtil: keepNumber })),
  cpu: util,
  memory: util,
  ports: list(
    fields({
      private: keepNumber,
      public: standIn('port'),
      type: words(['tcp', 'udp', 'http']),
      ip: standIn('host'),
    }),
  ),
}

export const podFields: Readonly<Record<string, FieldRule>> = {
  id: standIn('pod'),
  name: standIn('name'),
  image: standIn('image'),
  args: standIn('text'),
  cmd: list(standIn('text')),
  entrypoint: list(standIn('text')),
  status: words(['PROVISIONING', 'STARTING', 'RUNNING', 'EXITED', 'ERROR', 'TERMINATED']),
  statusReason: standIn('text'),
  error: standIn('text'),
  message: standIn('text'),
  actions: list(words(['start', 'stop', 'restart', 'terminate'])),
  gpu: fields({ id: gpuType, count: keepNumber, vcpuCount: keepNumber, memory: keepNumber }),
  cpu: fields({ id: cpuType, vcpuCount: keepNumber, memory: keepNumber }),
  disk: keepNumber,
  mounts: fields({
    persistent: fields({ size: keepNumber, path: mountPath }),
    network: list(fields({ volumeId: standIn('volume'), path: mountPath })),
  }),
  ports: list(portSpec),
  env: { kind: 'map', key: 'variable', value: standIn('value') },
  registry: standIn('registry'),
  template: standIn('template'),
  cloud: words(['SECURE', 'COMMUNITY']),
  dataCenterId: dataCenter,
  cudaVersion,
  ssh: fields({ proxy: endpoint, direct: endpoint }),
  cost: keepNumber,
  locked: keepFlag,
  globalNetworking: fields({ enabled: keepFlag, ip: standIn('host'), internalDns: standIn('host') }),
  cluster: fields({
    id: standIn('cluster'),
    rank: keepNumber,
    role: standIn('word'),
    ip: standIn('host'),
  }),
  runtime: fields(runtimeFields),
  createdAt: keepTime,
  startedAt: keepTime,
}

const pagination = fields({ hasNextPage: keepFlag, nextCursor: standIn('cursor') })
const places = list(fields({ id: dataCenter, name: dataCenter, availability: stock }))

const gpuOffer = fields({
  id: gpuType,
  name: gpuType,
  manufacturer: words(['NVIDIA', 'AMD', 'UNKNOWN']),
  memory: keepNumber,
  secure: keepFlag,
  community: keepFlag,
  price: fields({ secure: keepNumber, community: keepNumber, serverless: keepNumber }),
  maxCount: fields({ secure: keepNumber, community: keepNumber }),
  availability: stock,
  dataCenters: places,
  cudaVersions: list(fields({ version: cudaVersion, available: keepFlag })),
})

const bill = fields({
  records: list(
    fields({
      startTime: keepTime,
      endTime: keepTime,
      podId: standIn('pod'),
      networkVolumeId: standIn('volume'),
      ...Object.fromEntries(
        ['total', 'gpu', 'cpu', 'disk', 'storage', 'podGpu', 'podCpu', 'podDisk'].map((part) => [
          `${part}Amount`,
          money,
        ]),
      ),
    }),
  ),
  ...(pagination.kind === 'object' && { pagination }),
})

const restReplies: readonly (readonly [RegExp, FieldRule])[] = [
  [/^\/pods$/, fields({ pods: list(fields(podFields)), pagination })],
  [/^\/pods\/[^/]+$/, fields(podFields)],
  [/^\/billing(?:\/[\w-]+)?$/, bill],
  [/^\/catalog\/gpus$/, fields({ gpus: list(gpuOffer) })],
  [/^\/account\/ssh-keys$/, fields({ keys: list(standIn('key')) })],
  [/^\/account\/limits$/, fields({ spendRate: money, serverlessWorkers: money })],
]

/** The words of errors that Runpod and HTTP have of their own. */
const problemWords = words(
  [
    'Bad Request',
    'Unauthorized',
    'Payment Required',
    'Forbidden',
    'Not Found',
    'Method Not Allowed',
    'Conflict',
    'Gone',
    'Unprocessable Entity',
    'Too Many Requests',
    'Internal Server Error',
    'access denied',
    'invalid bearer token',
    'missing bearer token',
    'resource not found',
    'method not allowed',
    'rate limit exceeded for the minute window',
    'rate limit exceeded for the hour window',
    'rate limit exceeded for the day window',
    'Request validation failed.',
  ],
  'text',
)

const problem = fields({
  title: problemWords,
  status: keepNumber,
  detail: problemWords,
  errors: list(standIn('text')),
})

const graphqlNames = words(['myself', 'id', 'clientBalance', 'currentSpendPerHr'], 'field')

const graphqlReply = fields({
  data: fields({
    myself: fields({ id: standIn('account'), clientBalance: money, currentSpendPerHr: keepNumber }),
  }),
  errors: list(
    fields({
      message: refusal,
      path: list(graphqlNames),
      extensions: fields({
        code: words([
          'UNAUTHORIZED',
          'UNAUTHENTICATED',
          'FORBIDDEN',
          'INTERNAL_SERVER_ERROR',
          'BAD_USER_INPUT',
        ]),
      }),
    }),
  ),
})

/** Of a reply without one: nothing in it is known. */
const unknownReply: FieldRule = fields({})

/** What is known of the reply to a request to `path`, below the API's base address. */
export function replyRule(path: string, status: number | null): FieldRule {
  if (path === '/graphql') return graphqlReply
  if (status === null || status >= 400) return problem
  return restReplies.find(([pattern]) => pattern.test(path))?.[1] ?? unknownReply
}
