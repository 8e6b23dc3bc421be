/** Construct ids: part of every logical id, so a change of one replaces resources. */

/** `pack-parcel` as part of a construct id: `PackParcel`. */
export const pascalCase = (name: string): string =>
  name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
