/** A running GPU pod in v2 format with made-up values. */
export function samplePod(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 'k3v9x1m2',
    name: 'night-train',
    image: 'example/trainer:1',
    args: '',
    status: 'RUNNING',
    actions: ['stop', 'restart', 'terminate'],
    gpu: { id: 'NVIDIA H100 80GB HBM3', count: 2 },
    disk: 40,
    mounts: { persistent: { size: 120, path: '/workspace' } },
    ports: ['22/tcp'],
    ssh: {
      direct: {
        host: '203.0.113.9',
        port: 40_022,
        username: 'root',
        command: 'ssh root@203.0.113.9 -p 40022',
      },
      proxy: null,
    },
    env: { SECRET_TOKEN: 'canary-5b1f' },
    cloud: 'SECURE',
    dataCenterId: 'EU-XX-9',
    cost: 5.5,
    locked: false,
    runtime: {
      uptime: 5400,
      gpus: [
        { util: 91, memoryUtil: 60 },
        { util: 0, memoryUtil: 2 },
      ],
      cpu: { util: 12 },
      memory: { util: 30 },
    },
    createdAt: '2026-11-20T08:00:00Z',
    startedAt: '2026-11-24T09:30:00.250+01:00',
    ...more,
  }
}
