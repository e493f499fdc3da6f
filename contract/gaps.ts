import type { Gap } from './finding'

/** Known, accepted differences from the document. A gap that no longer exists is reported so that it gets removed. */
export const gaps: readonly Gap[] = [
  ...['request query limit', 'request query cursor', 'reply 200 /pagination'].map((subject) => ({
    operation: 'GET /v2/pods',
    subject,
    since: '2026-11-24',
    reason: 'Lists have pages; the document of 2026-08-18 does not have them yet. Both ways are read.',
  })),
  ...['reply */gpu/vcpuCount', 'reply */gpu/memory'].map((subject) => ({
    operation: '*',
    subject,
    since: '2026-11-24',
    reason: 'Servers say what CPU and memory come with the GPUs; the document of 2026-08-18 does not.',
  })),
  ...['GET /v2/account/secrets', 'GET /v2/account/limits'].flatMap((operation) =>
    ['request', 'reply 200'].map((subject) => ({
      operation,
      subject,
      since: '2026-11-27',
      reason:
        'The service has it since November; the document of 2026-08-18 does not. What is missing is left out.',
    })),
  ),
  {
    operation: 'POST /graphql',
    subject: 'request',
    since: '2026-11-24',
    reason: 'REST has no balance: it is asked by GraphQL, until that retires.',
  },
]
