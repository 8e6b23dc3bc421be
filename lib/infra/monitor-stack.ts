/**
 * What watches the pipeline in one region: alarms, whom they tell, the dashboard. A stack of its own, because twenty stages
 * and their alarms would be more than the 500 resources that a stack may have; it comes after what it watches.
 */
import type { App } from 'aws-cdk-lib/core';
import { AlarmTopic } from './alarm-topic.ts';
import { Alarms } from './alarms.ts';
import { BaseStack } from './base-stack.ts';
import { dashboard } from './dashboard.ts';
import type { Place } from './place.ts';
import type { Ground } from './queues.ts';

export class MonitorStack extends BaseStack {
  constructor(app: App, place: Place) {
    super(app, 'monitor', place);
    const ground: Ground = { scope: this, place };
    const { topic } = new AlarmTopic(ground, 'AlarmTopic');
    new Alarms(ground, 'Alarms', topic);
    dashboard(ground, 'Dashboard');
  }
}
