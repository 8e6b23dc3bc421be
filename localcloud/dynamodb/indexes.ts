/** The indexes of a table as its design has them. */
import { createIndex, type Design, type Index, type Table } from './state.ts';
import { insert, scan } from './storage.ts';
import { typeOf } from './values.ts';
import { entryOf } from './write.ts';

/** Makes the indexes of a table those of the design. */
export function setDesign(table: Table, design: Design): void {
  const wanted = new Set(design.indexes.map(({ IndexName }) => IndexName!));
  for (const name of table.indexes.keys()) if (!wanted.has(name)) table.indexes.delete(name);
  table.design = design;
  for (const definition of design.indexes) {
    if (table.indexes.has(definition.IndexName!)) continue;
    const index = createIndex(design, definition);
    fill(table, index);
    table.indexes.set(definition.IndexName!, index);
  }
}

/** Items whose attributes do not fit the keys of a new index stay out of it. */
function fill(table: Table, index: Index): void {
  const { partition, sort } = index.keys;
  for (const stored of scan(table.items)) {
    const fits = [partition, ...(sort ? [sort] : [])].every(({ name, type }) => {
      const value = stored.item[name];
      return value !== undefined && typeOf(value) === type && value.S !== '' && value.B !== '';
    });
    const entry = fits ? entryOf(index, stored.item, stored) : undefined;
    if (entry) insert(index.entries, entry);
  }
}
