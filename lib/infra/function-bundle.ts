/**
 * A function's code as an asset. CDK's own `Code.fromAsset` builds a bucket for each asset, which took a quarter of the
 * time of synthesis; what ends up in the template is the same.
 */
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { AssetStaging, FileAssetPackaging, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

export class FunctionBundle extends Construct {
  readonly code: { readonly s3Bucket: string; readonly s3Key: string };
  private readonly path: string;

  /** @param folder what becomes the function's zip */
  constructor(scope: Construct, id: string, folder: string) {
    super(scope, id);
    const stack = Stack.of(this);
    const staging = new AssetStaging(this, 'Staging', { sourcePath: folder });
    this.path = staging.relativeStagedPath(stack);
    const { bucketName, objectKey } = stack.synthesizer.addFileAsset({
      fileName: this.path,
      packaging: FileAssetPackaging.ZIP_DIRECTORY,
      sourceHash: staging.assetHash,
      displayName: scope.node.id,
    });
    this.code = { s3Bucket: bucketName, s3Key: objectKey };
  }

  /** Says where the code lies: SAM, `cdk watch` and the local cloud read it here rather than from S3. */
  describe(fn: CfnFunction): void {
    fn.addMetadata('aws:asset:path', this.path);
    fn.addMetadata('aws:asset:is-bundled', false);
    fn.addMetadata('aws:asset:property', 'Code');
  }
}
