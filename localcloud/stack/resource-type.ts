/** How a type of resource is written: properties in, calls of the service's actions out. */
import type { Dice } from '../world.ts';

/** Properties after all intrinsic functions: the shape is the CloudFormation reference's, not ours to type twice. */
export type Properties = Readonly<Record<string, any>>;

/** What a resource is known by once it stands. */
export interface Standing {
  /** What `Ref` gives, and what CloudFormation calls the physical id. */
  readonly ref: string;
  /** What `Fn::GetAtt` gives, by name: one for each of the type's `attributes`. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A resource as it was made. */
export interface Existing extends Standing {
  readonly properties: Properties;
  /** The folder of the asset it was made with. */
  readonly asset?: string;
}

export interface ResourceType {
  /** For example `AWS::SQS::Queue`. */
  readonly type: string;
  /** The properties that are understood; any other is refused by name. */
  readonly properties: readonly string[];
  /** The attributes that `Fn::GetAtt` gives, as the CloudFormation reference lists them. */
  readonly attributes: readonly string[];
  /** The properties whose change means a new resource ("Update requires: Replacement"). All, where there is no `update`. */
  readonly replacement?: readonly string[];
  /** The property that fixes the physical name, where the type has one: two resources cannot have the same. */
  readonly named?: string;
  /** How the property `Tags` is written: a list of keys and values, unless it says otherwise. */
  readonly tagsAre?: 'map';
  create(properties: Properties, context: ResourceContext): Standing;
  /** Makes an existing resource what `properties` say; called only when something changed. */
  update?(properties: Properties, existing: Existing, context: ResourceContext): Standing;
  remove?(existing: Existing, context: ResourceContext): void;
  /** Where the type can also be changed little by little, under an update policy of the template. */
  readonly gradually?: GradualUpdate;
}

export interface GradualUpdate {
  /** Its name among the members of `UpdatePolicy`. */
  readonly policy: string;
  /** Begins the change; undefined where there is nothing to do little by little, and `update` is called instead. */
  begin(
    change: { readonly properties: Properties; readonly existing: Existing; readonly policy: Properties },
    context: ResourceContext,
  ): ChangeUnderWay | undefined;
}

/** A change that goes on between the steps of a deployment. */
export interface ChangeUnderWay {
  /** What is woken when the change may have ended. */
  readonly key: string;
  /**
   * How it ended; undefined while it goes on.
   * @throws ServiceError when it has failed
   */
  outcome(context: ResourceContext): Standing | undefined;
  /** Ends it before its time. */
  cancel(context: ResourceContext): void;
}

export interface ResourceContext {
  readonly stackName: string;
  readonly stackId: string;
  readonly logicalId: string;
  readonly region: string;
  readonly account: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly dice: Dice;
  /** The folder of the resource's asset, absolute; undefined where the template was deployed without one. */
  readonly asset?: string;
  /**
   * Calls an action as CloudFormation.
   * @throws ServiceError when the action refuses; the resource then fails and the stack rolls back
   */
  call<Output = any>(service: string, action: string, input: object, options?: { region?: string }): Output;
  /** A name for a resource that was given none: `<stack>-<logical id>-<random>`, as CloudFormation makes them. */
  name(options?: { readonly maximum?: number; readonly suffix?: string }): string;
  /** Says that the resource exists, though its creation goes on: should the rest fail, it is removed again. */
  made(standing: Standing): void;
  /** Says what the local cloud does otherwise than AWS; shown in the report of the deployment. */
  warn(message: string): void;
}
