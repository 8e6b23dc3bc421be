/** The calls of the last seconds, counted in slices: what one function instance knows of a system, without a write. */
import type { Breaker } from '../../model/uses.ts';

const SLICES = 10;

export interface Window {
  count(failed: boolean, at: number): void;
  /** Whether, when a call has just been counted, the failures are as many, and as large a share, as open a breaker. */
  isTripped(): boolean;
  clear(): void;
}

export function createWindow({ failures, share, withinSeconds }: Breaker): Window {
  const length = (withinSeconds * 1000) / SLICES;
  let slices: { readonly number: number; calls: number; failed: number }[] = [];
  const numberOf = (at: number) => Math.floor(at / length);
  return {
    count(failed, at) {
      const number = numberOf(at);
      let slice = slices.find((one) => one.number === number);
      if (!slice) {
        slice = { number, calls: 0, failed: 0 };
        slices = [...slices.filter((one) => one.number > number - SLICES), slice];
      }
      slice.calls++;
      if (failed) slice.failed++;
    },
    isTripped() {
      const failed = slices.reduce((sum, slice) => sum + slice.failed, 0);
      const calls = slices.reduce((sum, slice) => sum + slice.calls, 0);
      return failed >= failures && failed >= share * calls;
    },
    clear() {
      slices = [];
    },
  };
}
