/** One region of one environment of one pipeline: what every construct is built for. */
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Deployment } from '../model/names.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { PipelineConfig } from './config.ts';

export interface Place {
  readonly pipeline: Pipeline;
  readonly config: PipelineConfig;
  readonly deployment: Deployment;
  readonly region: string;
  /** The other region. */
  readonly peer: string;
  /** Whether stages run here. */
  readonly active: boolean;
  /** What becomes of data when its resource goes. */
  readonly removal: RemovalPolicy;
}

export function placeIn(region: string, pipeline: Pipeline, config: PipelineConfig): Place {
  const { active, standby } = config.regions;
  return {
    pipeline,
    config,
    deployment: { pipeline: pipeline.name, environment: config.environment },
    region,
    peer: region === active ? standby : active,
    active: region === active,
    removal: config.retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  };
}
