import type { ExperimentSpec, LabSpec } from '../labs/lab-spec'
import { labGpuIds } from './api-lab-pod'

/** A queue with every status. */
export const darkEnergyExperiments: readonly ExperimentSpec[] = [
  {
    experimentId: 'EXP-051',
    title: 'Planck likelihood, first chains',
    status: 'fail',
    computeMode: 'A100',
    costUsd: 3.2,
    createdAgoMin: 6_000,
  },
  {
    experimentId: 'EXP-052',
    title: 'DESI BAO with flat priors',
    status: 'pass',
    computeMode: 'H100',
    costUsd: 18.75,
    createdAgoMin: 4_000,
  },
  {
    experimentId: 'EXP-053',
    title: 'Joint DESI and Planck chains',
    status: 'running',
    computeMode: 'H200',
    priority: 'high',
    costUsd: 10.6,
    createdAgoMin: 180,
  },
  {
    experimentId: 'EXP-054',
    title: 'MCMC with a free equation of state',
    status: 'queued',
    computeMode: 'H200',
    priority: 'high',
    estimatedSeconds: 14_400,
    createdAgoMin: 90,
  },
  {
    experimentId: 'EXP-055',
    title: 'Anomaly search in the residuals',
    status: 'queued',
    computeMode: 'A100',
    estimatedSeconds: 5_400,
    createdAgoMin: 60,
  },
  {
    experimentId: 'EXP-056',
    title: 'Compare with supernovae',
    status: 'blocked',
    computeMode: 'CPU',
    priority: 'low',
    estimatedSeconds: 900,
    createdAgoMin: 30,
  },
]

export const DARK_ENERGY = {
  id: 'j57a8k9m2n3p4q5r',
  slug: 'dark-energy',
  name: 'Dark energy',
  template: 'cosmology',
  languageModelUsd: 4.5,
} as const satisfies LabSpec

/** The labs of a simulated Hubify that is configured with none. The first has the ids of the page's examples. */
export const defaultLabs: readonly LabSpec[] = [
  {
    ...DARK_ENERGY,
    experiments: darkEnergyExperiments,
    pods: [
      {
        documentId: 'pod_old789',
        pod: {
          name: 'anomaly-search',
          mode: 'stopped',
          stoppedAgoMin: 2_000,
          startedAgoMin: 2_600,
          gpu: { id: labGpuIds.A100, count: 1, vcpuCount: 16, memory: 125 },
          costPerHourUsd: 1.49,
          persistent: { sizeGb: 50, path: '/workspace' },
        },
      },
      {
        documentId: 'pod_def456',
        maxHours: 12,
        pod: {
          name: 'desi-training',
          mode: 'training',
          startedAgoMin: 200,
          gpu: { id: labGpuIds.H100, count: 2, vcpuCount: 32, memory: 376 },
          costPerHourUsd: 5.38,
          persistent: { sizeGb: 200, path: '/workspace' },
        },
      },
      {
        documentId: 'pod_abc123',
        pod: {
          name: 'mcmc-desi',
          mode: 'idle-after',
          startedAgoMin: 180,
          idleAfterMin: 150,
          gpu: { id: labGpuIds.H200, count: 1, vcpuCount: 24, memory: 188 },
          costPerHourUsd: 3.99,
          persistent: { sizeGb: 100, path: '/workspace' },
        },
      },
    ],
  },
  {
    id: 'k17d3f5g6h7j8k9m',
    slug: 'protein-folds',
    name: 'Protein folds',
    template: 'biology',
    experiments: [
      { title: 'Fold the kinase set', status: 'queued', computeMode: 'A100', estimatedSeconds: 7_200 },
    ],
    pods: [
      {
        documentId: 'pod_fold01',
        pod: {
          name: 'fold-kinases',
          mode: 'training',
          startedAgoMin: 45,
          gpu: { id: labGpuIds.A100, count: 4, vcpuCount: 64, memory: 500 },
          costPerHourUsd: 5.96,
          persistent: { sizeGb: 100, path: '/workspace' },
        },
      },
      {
        documentId: 'pod_fold02',
        maxHours: 8,
        pod: {
          name: 'fold-membranes',
          mode: 'training',
          startedAgoMin: 0,
          gpu: { id: labGpuIds.H100, count: 1, vcpuCount: 16, memory: 188 },
          costPerHourUsd: 2.69,
          persistent: { sizeGb: 50, path: '/workspace' },
        },
      },
    ],
  },
]
