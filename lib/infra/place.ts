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
  /**
   * What becomes of what holds data when it goes. Where it is kept, it is not when its own creation is taken back: it has
   * a literal name, and the next attempt would find it there already.
   */
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
    removal: config.retain ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
  };
}
