/** The calls of the last seconds, counted in slices: what one function instance knows of a system, without a write. */
import type { Breaker } from '../../model/breaker.ts';

const SLICES = 10;

export interface Window {
  count(failed: boolean, at: number): void;
  /** Whether, when a call has just been counted, the failures are as many, and as large a share, as open a breaker. */
  isTripped(): boolean;
  clear(): void;
}

/** @param settings asked at every turn, for they can change */
export function createWindow(settings: () => Breaker): Window {
  let length = 0;
  let slices: { readonly number: number; calls: number; failed: number }[] = [];
  const numberOf = (at: number) => Math.floor(at / length);
  return {
    count(failed, at) {
      const wanted = (settings().withinSeconds * 1000) / SLICES;
      // Slices of another length do not add up with these.
      if (wanted !== length) slices = [];
      length = wanted;
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
      const { failures, share } = settings();
      const failed = slices.reduce((sum, slice) => sum + slice.failed, 0);
      const calls = slices.reduce((sum, slice) => sum + slice.calls, 0);
      return failed >= failures && failed >= share * calls;
    },
    clear() {
      slices = [];
    },
  };
}
